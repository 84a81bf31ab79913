using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Telemetry;

namespace SalesBrain.Tests.Timers;

/// <summary>What holds for every timer: how the host runs it, and what it tells about itself.</summary>
public sealed class TimerRunsTests(TimerRunsTests.TalkativeApp app) : IClassFixture<TimerRunsTests.TalkativeApp>
{
    public static TheoryData<string> Timers => [.. FunctionCatalog.Load().Timers.Select(timer => timer.Name)];

    [Fact]
    public void Every_timer_is_monitored_and_waits_for_its_schedule()
    {
        var triggers = typeof(RequestPipeline).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>())
            .OfType<TimerTriggerAttribute>().ToList();

        Assert.Equal(Timers.Count, triggers.Count);
        Assert.All(triggers, trigger => Assert.Equal((true, false), (trigger.UseMonitor, trigger.RunOnStartup)));
    }

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task Timer_logs_what_it_did_and_is_measured(string timer)
    {
        using var meters = new MeterCapture(app);
        var before = app.Logs.Lines.Count;
        await app.Services.GetRequiredService<TimerRunner>().RunAsync(timer, TestContext.Current.CancellationToken);

        var lines = app.Logs.Lines.Skip(before).ToList();
        Assert.Contains(lines, line => line.StartsWith("Scope ", StringComparison.Ordinal)
            && line.Contains($"Function={timer}", StringComparison.Ordinal) && line.Contains("TraceId=", StringComparison.Ordinal));
        // A count, of nothing as well.
        Assert.Single(lines, line => line.Contains($".{timer}: ", StringComparison.Ordinal) && line.Split(": ")[1].Any(char.IsAsciiDigit));
        Assert.Single(meters.Values("salesbrain.timers.duration", $"timer={timer}"));
        Assert.Single(meters.Read("salesbrain.timers.last_success", $"timer={timer}"));
        Assert.Equal(0, meters.Sum("salesbrain.timers.failures", $"timer={timer}"));
    }

    public sealed class TalkativeApp() : TestApp(LogLevel.Debug);
}
