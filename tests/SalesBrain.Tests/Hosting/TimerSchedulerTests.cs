using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Hosting;

public sealed class TimerSchedulerTests : IAsyncDisposable
{
    private static readonly DateTime Noon = new(2026, 1, 15, 12, 0, 0, DateTimeKind.Utc);

    private readonly SchedulerClock clock = new(new DateTimeOffset(Noon.AddMinutes(-10)));
    private readonly TimerLog log = new();
    private FunctionServer? server;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Timer_runs_when_its_time_comes_and_not_before()
    {
        await StartAsync("0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromMinutes(9.9));
        Assert.True(log.NothingMore);
        await AdvanceAsync(TimeSpan.FromMinutes(0.1));
        await log.NextAsync();
        await AdvanceAsync(TimeSpan.FromHours(1));
        await log.NextAsync();
    }

    [Fact]
    public async Task Run_is_told_the_occurrence_it_is_for_and_when_the_one_before_ran()
    {
        await StartAsync("0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromMinutes(10));
        var first = await log.NextAsync();
        await AdvanceAsync(TimeSpan.FromHours(1));
        var second = await log.NextAsync();

        Assert.Equal(default, first.ScheduleStatus!.Last);
        Assert.Equal(Noon, first.ScheduleStatus.Next);
        Assert.False(first.IsPastDue);
        Assert.Equal(Noon, second.ScheduleStatus!.Last);
        Assert.Equal(Noon.AddHours(1), second.ScheduleStatus.Next);
        Assert.Equal(Noon, second.ScheduleStatus.LastUpdated);
        Assert.False(second.IsPastDue);
    }

    [Fact]
    public async Task Schedule_of_less_than_a_minute_has_no_status_as_on_the_Functions_host()
    {
        await StartAsync("*/30 * * * * *");

        await AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Null((await log.NextAsync()).ScheduleStatus);
    }

    [Fact]
    public async Task Failed_run_is_logged_and_the_next_still_comes()
    {
        log.Work = _ => throw new InvalidOperationException("no luck");
        await StartAsync("0 0 * * * *");

        await AdvanceAsync(TimeSpan.FromMinutes(10));
        await log.NextAsync();
        await AdvanceAsync(TimeSpan.FromHours(1));
        await log.NextAsync();
        await clock.WhenWaitingAsync();

        Assert.Equal(["no luck", "no luck"], server!.Errors.Entries.Select(entry => entry.Exception!.Message));
        Assert.All(server.Errors.Entries, entry => Assert.Equal("Timer EveryHour failed", entry.Message));
    }

    [Fact]
    public async Task Occurrences_that_pass_during_a_run_are_made_up_for_by_one_run()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Work = _ => slow.Task;
        await StartAsync("0 0 * * * *");
        await AdvanceAsync(TimeSpan.FromMinutes(10));
        await log.NextAsync();

        clock.Advance(TimeSpan.FromHours(3.5));
        Assert.True(log.NothingMore);
        slow.SetResult();
        var late = await log.NextAsync();
        await clock.WhenWaitingAsync();

        Assert.Equal(Noon.AddHours(1), late.ScheduleStatus!.Next);
        Assert.True(log.NothingMore);
        await AdvanceAsync(TimeSpan.FromHours(0.5));
        Assert.Equal(Noon.AddHours(4), (await log.NextAsync()).ScheduleStatus!.Next);
        Assert.Equal(1, log.MostAtOnce);
    }

    [Fact]
    public async Task Run_by_hand_and_run_on_schedule_take_turns()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Work = _ => slow.Task;
        await StartAsync("0 0 * * * *");
        var byHand = server!.Services.GetRequiredService<TimerRunner>().RunAsync("EveryHour", TestContext.Current.CancellationToken);
        await log.NextAsync();

        await AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.True(log.NothingMore);
        slow.SetResult();
        await byHand;
        await log.NextAsync();

        Assert.Equal(1, log.MostAtOnce);
    }

    [Fact]
    public async Task Shutdown_cancels_a_run_at_once_and_is_no_error()
    {
        log.Work = stopping => Task.Delay(Timeout.Infinite, stopping);
        await StartAsync("0 0 * * * *");
        await AdvanceAsync(TimeSpan.FromMinutes(10));
        await log.NextAsync();

        await server!.StopAsync().WaitAsync(Eventually.Limit);

        Assert.Empty(server.Errors.Entries);
    }

    [Fact]
    public async Task Missing_schedule_stops_the_start()
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync(schedule: null));

        Assert.StartsWith("Setting EveryHourSchedule is missing", refusal.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(string? schedule) =>
        server = await FunctionServer.StartAsync([typeof(EveryHour)], builder =>
        {
            builder.Configuration["EveryHourSchedule"] = schedule;
            builder.Services
                .AddSingleton<TimeProvider>(clock)
                .AddSingleton(log)
                .AddTimers(FunctionCatalog.Load(typeof(EveryHour)))
                .AddTimerSchedules();
        });

    private async Task AdvanceAsync(TimeSpan by)
    {
        await clock.WhenWaitingAsync();
        clock.Advance(by);
    }

    /// <summary>Tells when the scheduler waits: a delay that begins after <see cref="FakeTimeProvider.Advance"/> would miss it.</summary>
    private sealed class SchedulerClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private volatile TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WhenWaitingAsync() => waiting.Task.WaitAsync(Eventually.Limit);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(FireAndWaitAgain, state, dueTime, period);
            waiting.TrySetResult();
            return timer;

            void FireAndWaitAgain(object? fired)
            {
                waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
                callback(fired);
            }
        }
    }
}
