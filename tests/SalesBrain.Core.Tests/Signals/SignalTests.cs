using SalesBrain.Core.Imports;

namespace SalesBrain.Core.Tests.Signals;

public sealed class SignalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_is_idle_while_it_waits_without_a_limit()
    {
        using var signal = new ImportSignal();
        Assert.False(signal.IsIdle);

        var waiting = signal.WaitAsync(Timeout.InfiniteTimeSpan, Cancellation);
        Assert.True(signal.IsIdle);

        signal.Raise();
        Assert.False(signal.IsIdle);
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Worker_that_was_woken_while_it_worked_is_not_idle_when_it_waits_again()
    {
        using var signal = new ImportSignal();
        signal.Raise();
        signal.Raise();

        Assert.True(await signal.WaitAsync(Timeout.InfiniteTimeSpan, Cancellation));
        Assert.False(signal.IsIdle);

        // Raising twice woke it once.
        Assert.False(await signal.WaitAsync(TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task Worker_that_waits_for_a_while_has_something_to_do()
    {
        using var signal = new ImportSignal();

        var waiting = signal.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.False(signal.IsIdle);

        signal.Raise();
        Assert.True(await waiting);
    }
}
