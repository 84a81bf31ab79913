using SalesBrain.Core.Live;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Reads what was committed since the last reading, and decides what of it is told now, and what at most once a second. Used by one loop.
/// </summary>
internal sealed class LiveReader(SalesBrainDatabase database, LiveCursorCodes codes, TimeProvider clock)
{
    private const int ReadingSize = 5000;

    /// <summary>The shortest time between two events of a coalesced channel.</summary>
    private static readonly TimeSpan Coalesced = TimeSpan.FromSeconds(1);

    private readonly Coalescing _pending = new();
    private LivePosition _position;
    private LivePosition _coalescedThrough;
    private long _lastFlush;

    /// <summary>Goes to the newest event. Returns what counts as told.</summary>
    internal async Task<LiveCursor> BeginAsync(CancellationToken cancellationToken)
    {
        var snapshot = await LiveEvents.GetSnapshotAsync(database.ReadPlatform(), cancellationToken);
        (_position, _coalescedThrough) = (snapshot.Position, snapshot.Position);
        return new(_position, _coalescedThrough, new(snapshot.Now, TimeSpan.Zero));
    }

    /// <summary>What is told now, what has been told with it, and whether there is more to read.</summary>
    internal async Task<(IReadOnlyList<ToldEvent> Told, LiveCursor Through, bool IsFull)> ReadAsync(CancellationToken cancellationToken)
    {
        var flushes = _pending.Any && clock.GetElapsedTime(_lastFlush) >= Coalesced;
        var reading = await LiveEvents.ReadAsync(
            database.ReadPlatform(), _position, flushes ? _pending.Campaigns : [], ReadingSize, cancellationToken);
        var isFull = reading.Changes.Count == ReadingSize;
        var last = reading.Changes.Count == 0 ? _position : reading.Changes[^1].Position;
        // Below the snapshot's oldest transaction everything was read, unless the reading was full.
        var end = !isFull && reading.Snapshot.Position > last ? reading.Snapshot.Position : last;
        var now = new DateTimeOffset(reading.Snapshot.Now, TimeSpan.Zero);

        var told = new List<ToldEvent>();
        var coalesced = new List<(LiveChannel Channel, LiveChange Change)>();
        foreach (var change in reading.Changes)
        {
            if (LiveChannels.Of(change) is not { } channel)
            {
                continue;
            }
            if (channel.IsCoalesced())
            {
                coalesced.Add((channel, change));
            }
            else
            {
                told.Add(new(change, channel, change.Position, new(change.Position, _coalescedThrough, now), codes));
            }
        }
        if (flushes)
        {
            foreach (var change in _pending.Take(reading.Counters))
            {
                told.Add(new(change, LiveChannels.Of(change)!.Value, change.Position, new(end, change.Position, now), codes));
            }
            (_coalescedThrough, _lastFlush) = (_position, clock.GetTimestamp());
        }
        foreach (var (channel, change) in coalesced)
        {
            _pending.Add(channel, change);
        }
        _position = end;
        if (!_pending.Any)
        {
            _coalescedThrough = end;
        }
        return (told, new(end, _coalescedThrough, now), isFull);
    }

    /// <summary>Forgets what is not told yet, because nobody listens any more.</summary>
    internal void Forget() => _pending.Clear();
}
