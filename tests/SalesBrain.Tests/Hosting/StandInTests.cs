using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace SalesBrain.Tests.Hosting;

/// <summary>A function that uses what only a stand-in has would compile here and not in the deployment build.</summary>
public sealed class StandInTests
{
    [Theory]
    [InlineData(typeof(FunctionAttribute), ".ctor(String)", "get Name")]
    [InlineData(
        typeof(HttpTriggerAttribute),
        ".ctor()", ".ctor(AuthorizationLevel)", ".ctor(AuthorizationLevel, String[])", ".ctor(String[])",
        "get AuthLevel", "get Methods", "get Route", "set Route")]
    [InlineData(
        typeof(TimerTriggerAttribute),
        ".ctor(String)", "get RunOnStartup", "get Schedule", "get UseMonitor", "set RunOnStartup", "set UseMonitor")]
    [InlineData(typeof(TimerInfo), ".ctor()", "get IsPastDue", "get ScheduleStatus", "set IsPastDue", "set ScheduleStatus")]
    [InlineData(
        typeof(ScheduleStatus),
        ".ctor()", "get Last", "get LastUpdated", "get Next", "set Last", "set LastUpdated", "set Next")]
    public void Stand_in_has_the_members_of_the_official_type_and_no_other(Type type, params string[] members) =>
        Assert.Equal(members, PublicMembers(type).Order(StringComparer.Ordinal));

    [Fact]
    public void Authorization_levels_have_the_official_names_and_values() =>
        Assert.Equal(
            [("Anonymous", 0), ("User", 1), ("Function", 2), ("System", 3), ("Admin", 4)],
            Enum.GetValues<AuthorizationLevel>().Select(level => (level.ToString(), (int)level)));

    [Fact]
    public void Defaults_are_the_official_ones()
    {
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute().AuthLevel);
        Assert.Equal(AuthorizationLevel.Anonymous, new HttpTriggerAttribute("get").AuthLevel);
        Assert.Null(new HttpTriggerAttribute().Route);
        Assert.Null(new HttpTriggerAttribute(AuthorizationLevel.Anonymous).Methods);
        Assert.True(new TimerTriggerAttribute("0 * * * * *") is { UseMonitor: true, RunOnStartup: false });
    }

    [Fact]
    public void Functions_namespace_holds_nothing_else() =>
        Assert.Equal(
            [nameof(AuthorizationLevel), nameof(FunctionAttribute), nameof(HttpTriggerAttribute), nameof(ScheduleStatus), nameof(TimerInfo), nameof(TimerTriggerAttribute)],
            typeof(FunctionAttribute).Assembly.GetTypes()
                .Where(type => type.Namespace?.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal) == true)
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal));

    private static IEnumerable<string> PublicMembers(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var constructors = type.GetConstructors().Select(constructor =>
            $".ctor({string.Join(", ", constructor.GetParameters().Select(parameter => parameter.ParameterType.Name))})");
        var methods = type.GetMethods(declared).Select(method => method.IsSpecialName ? method.Name.Replace('_', ' ') : method.Name);
        return constructors.Concat(methods).Concat(type.GetFields(declared).Select(field => field.Name));
    }
}
