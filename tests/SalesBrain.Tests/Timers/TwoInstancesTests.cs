using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Timers;

/// <summary>Two hosts on one database that run a timer at the same time do its work once.</summary>
public sealed class TwoInstancesTests(ClockedApp app) : IClassFixture<ClockedApp>
{
    public static TheoryData<string> Timers => TimerRunsTests.Timers;

    [Fact]
    public void Every_timer_has_a_case() => Assert.Equal(Timers.Select(row => row.Data).Order(), TimerCase.All.Keys.Order());

    [Theory]
    [MemberData(nameof(Timers))]
    public async Task Timer_that_runs_twice_on_two_instances_has_its_effect_once(string timer)
    {
        var (arrange, effect, expected) = TimerCase.All[timer];
        var organization = await app.CreateOrganizationAsync();
        var arguments = new { organization, now = app.Now };
        await using var other = new OtherInstance(app);
        await other.InitializeAsync();
        await arrange(app, organization);
        var before = (await app.QueryJsonAsync(effect, arguments)).ToString();

        await Task.WhenAll(Enumerable.Range(0, 2).SelectMany(_ => (TestApp[])[app, other]).Select(instance => Task.Run(
            () => instance.Services.GetRequiredService<TimerRunner>().RunAsync(timer, TestContext.Current.CancellationToken))));
        // One that found everything locked leaves it to the other; a last run finds nothing.
        await app.Services.GetRequiredService<TimerRunner>().RunAsync(timer, TestContext.Current.CancellationToken);

        (await app.QuerySingleJsonAsync(effect, arguments)).AssertIncludes(expected);
        Assert.NotEqual(before, (await app.QueryJsonAsync(effect, arguments)).ToString());
        Assert.DoesNotContain(
            app.Logs.Lines.Concat(other.Logs.Lines),
            line => line.StartsWith("Error ", StringComparison.Ordinal) || line.Contains("deadlock", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A second host on the database of the first, with the same clock.</summary>
    private sealed class OtherInstance(ClockedApp first) : TestApp
    {
        public override TimeProvider? Clock => first.Time;

        protected override Task<DatabaseConnections> CreateDatabaseAsync() => Task.FromResult(first.Database);

        protected override Task DropDatabaseAsync() => Task.CompletedTask;
    }
}
