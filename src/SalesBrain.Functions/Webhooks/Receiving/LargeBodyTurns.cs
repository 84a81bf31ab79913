using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Limits how many large bodies are verified and read at a time. Organizations take turns by the size of their bodies. Small bodies never
/// wait, because a processor is always left for them.
/// </summary>
public sealed class LargeBodyTurns
{
    /// <summary>Reading fewer bytes takes less than a few milliseconds.</summary>
    private const int LargeBytes = 32 * 1024;

    /// <summary>What the bodies of one organization that wait may have together.</summary>
    private const long MaxWaitingKib = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly FairQueue<TaskCompletionSource> _waiting = new(quantum: 256);
    private int _free = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Waits for a turn, which ends when it is disposed. Null if too many bytes of the organization are waiting.</summary>
    public async ValueTask<IDisposable?> EnterAsync(Guid organizationId, int bytes, CancellationToken cancellationToken)
    {
        if (bytes < LargeBytes)
        {
            return Turn.Unlimited;
        }
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var kib = bytes / 1024;
            if (_free > 0)
            {
                _free--;
                return new Turn(this);
            }
            if (_waiting.CostOf(organizationId) + kib > MaxWaitingKib)
            {
                return null;
            }
            _waiting.Add(organizationId, entered, kib);
        }
        await using (
            cancellationToken.UnsafeRegister(static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), entered))
        {
            await entered.Task;
        }
        return new Turn(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_waiting.TryTake(int.MaxValue, out var next, out _))
            {
                // Whoever waits no longer gets no turn.
                if (next.TrySetResult())
                {
                    return;
                }
            }
            _free++;
        }
    }

    private sealed class Turn(LargeBodyTurns? turns) : IDisposable
    {
        public static readonly Turn Unlimited = new(null);

        private LargeBodyTurns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Leave();
    }
}
