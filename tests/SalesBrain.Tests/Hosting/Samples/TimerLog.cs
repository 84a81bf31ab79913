using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Hosting.Samples;

/// <summary>What timer functions of a test were told, in order; a test decides what happens in a run.</summary>
public sealed class TimerLog
{
    private readonly Channel<TimerInfo> runs = Channel.CreateUnbounded<TimerInfo>();
    private int running;

    /// <summary>What a run does; nothing unless set.</summary>
    public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;

    public int MostAtOnce { get; private set; }

    public async Task RunAsync(TimerInfo timer, CancellationToken cancellationToken)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
        try
        {
            await runs.Writer.WriteAsync(timer, CancellationToken.None);
            await Work(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    /// <summary>The next run that has begun; waits for it.</summary>
    public async Task<TimerInfo> NextAsync() =>
        await runs.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);

    public bool NothingMore => !runs.Reader.TryPeek(out _);
}
