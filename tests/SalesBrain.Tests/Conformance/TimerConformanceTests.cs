using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Worker;

namespace SalesBrain.Tests.Conformance;

/// <summary>The published worker's timers run behind a Functions host as they do in the local host.</summary>
[Collection(ConformanceWorld.Shared)]
public sealed class TimerConformanceTests(ConformanceWorld world)
{
    private List<HostFunction> Timers => [.. world.Worker.Functions.Where(function => function.IsTimer)];

    [Fact]
    public void Worker_has_the_local_host_s_timers() =>
        Assert.Equal(FunctionCatalog.Load().Timers.Select(timer => timer.Name), Timers.Select(timer => timer.Name));

    [Fact]
    public async Task Every_timer_runs()
    {
        var failures = new List<string>();
        foreach (var timer in Timers)
        {
            if (await RunLocallyAsync(timer.Name) is { } here)
            {
                failures.Add($"{timer.Name} in the local host: {here}");
            }
            if (await world.Worker.Timers.FireAsync(timer, TestContext.Current.CancellationToken) is { } there)
            {
                failures.Add($"{timer.Name} in the worker: {there}");
            }
        }

        Assert.True(
            failures.Count == 0,
            $"{Timers.Count} timers were fired in both hosts; {failures.Count} runs failed:\n{string.Join('\n', failures)}");
        Assert.Empty(Timers.Select(timer => timer.Name).Except(world.Worker.Invocations.Counts.Keys));
    }

    [Fact]
    public async Task Timer_of_the_worker_does_its_work()
    {
        var link = await world.App.CreateOnboardingLinkAsync();
        await world.App.ExecuteAsync(
            "update app.onboarding_link set expires_at = now() - interval '1 hour' where id = @Id", new { link.Id });
        var timer = Timers.Single(timer => timer.Name == "ExpireOnboardingLinks");

        var failure = await world.Worker.Timers.FireAsync(timer, TestContext.Current.CancellationToken);

        Assert.Null(failure);
        Assert.Equal("expired", (await world.App.StateOfAsync(link)).Status);
    }

    private async Task<string?> RunLocallyAsync(string timer)
    {
        try
        {
            await world.App.Services.GetRequiredService<TimerRunner>().RunAsync(timer, TestContext.Current.CancellationToken);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }
}
