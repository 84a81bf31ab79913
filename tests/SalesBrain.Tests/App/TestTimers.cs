using Microsoft.Azure.Functions.Worker;
using System.Reflection;

namespace SalesBrain.Tests.App;

/// <summary>In tests a timer runs when a test fires it (POST /admin/functions/{name}), not by the clock.</summary>
internal static class TestTimers
{
    /// <summary>A schedule setting for every timer that never comes due (29 February only).</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Off { get; } = typeof(SalesBrain.LocalHost.HostBuilding).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .SelectMany(method => method.GetParameters())
        .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule)
        .OfType<string>()
        .Select(schedule => new KeyValuePair<string, string?>(schedule.Trim('%').Replace("__", ":", StringComparison.Ordinal), "0 0 0 29 2 *"))
        .ToList();
}
