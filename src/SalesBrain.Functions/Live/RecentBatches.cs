using SalesBrain.Core.Live;

namespace SalesBrain.Functions.Live;

/// <summary>The batches of the last minute, from which clients continue that reconnect. The caller holds a lock.</summary>
internal sealed class RecentBatches(TimeProvider clock)
{
    /// <summary>Events that are kept at most.</summary>
    private const int Most = 20_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    private readonly Queue<(LiveBatch Batch, long At)> _batches = new();

    /// <summary>Adds the newest batch, and forgets what is too old or too much.</summary>
    internal void Add(LiveBatch newest)
    {
        _batches.Enqueue((newest, clock.GetTimestamp()));
        while (_batches.Count > 1
            && (newest.Total - _batches.Peek().Batch.Total > Most || clock.GetElapsedTime(_batches.Peek().At) > KeptFor))
        {
            _batches.Dequeue();
        }
    }

    /// <summary>The batch behind which everything is that a cursor has not been told; null if it is not kept any more.</summary>
    internal LiveBatch? FindBehind(LiveCursor cursor)
    {
        LiveBatch? found = null;
        foreach (var (batch, _) in _batches)
        {
            var through = batch.Through;
            if (through.Each > cursor.Each || through.Coalesced > cursor.Coalesced)
            {
                break;
            }
            found = batch;
        }
        return found;
    }

    internal void Clear() => _batches.Clear();
}
