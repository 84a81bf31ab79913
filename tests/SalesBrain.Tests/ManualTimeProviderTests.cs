namespace SalesBrain.Tests;

public sealed class ManualTimeProviderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task Delay_ends_when_time_has_passed_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(10), clock);

        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        await delay;
    }

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_and_see_their_own_time()
    {
        var fired = new List<(string Name, DateTimeOffset At)>();
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.UtcNow)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => fired.Add(("often", clock.UtcNow)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        clock.Advance(TimeSpan.FromSeconds(6.5));

        Assert.Equal(
            [("often", Start.AddSeconds(2)), ("often", Start.AddSeconds(4)), ("late", Start.AddSeconds(5)), ("often", Start.AddSeconds(6))],
            fired);
        Assert.Equal(Start.AddSeconds(6.5), clock.GetUtcNow());
    }

    [Fact]
    public void Timer_armed_by_a_timer_fires_in_the_same_advance()
    {
        var fired = new List<DateTimeOffset>();
        ITimer? second = null;
        using var first = clock.CreateTimer(
            _ => second = clock.CreateTimer(_ => fired.Add(clock.UtcNow), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal([Start.AddSeconds(2)], fired);
        second!.Dispose();
    }

    [Fact]
    public void Stopped_and_disposed_timers_do_not_fire()
    {
        var fired = 0;
        using var stopped = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var disposed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        Assert.True(stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        disposed.Dispose();
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, fired);
        Assert.False(disposed.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Clock_set_later_fires_timers_and_set_earlier_leaves_elapsed_time_alone()
    {
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var began = clock.GetTimestamp();

        clock.UtcNow = Start.AddHours(2);
        Assert.Equal(1, fired);
        clock.UtcNow = Start;

        Assert.Equal(Start, clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(2), clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task Test_can_wait_until_others_wait_on_the_clock()
    {
        var two = clock.WhenWaitingAsync(timers: 2);
        var first = Task.Delay(TimeSpan.FromSeconds(1), clock);
        Assert.False(two.IsCompleted);
        var second = Task.Delay(TimeSpan.FromSeconds(1), clock);

        await two;
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(first, second);
    }
}
