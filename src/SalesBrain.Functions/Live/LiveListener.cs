using SalesBrain.Core.Live;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Live;

/// <summary>One client's place in the events. Used by one request at a time.</summary>
internal sealed class LiveListener : IDisposable
{
    private const int MissedPage = 1000;

    /// <summary>Clients of an instance that ask the database at the same time for what they missed.</summary>
    private static readonly SemaphoreSlim Turns = new(4, 4);

    private readonly LiveFeed _feed;
    private readonly SalesBrainDatabase _database;
    private readonly LiveCursorCodes _codes;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _cut = new();
    private volatile LiveBatch? _at;
    private LiveCursor? _from;
    private LiveCursor? _missedThrough;
    private long _missedTotal;

    internal LiveListener(LiveFeed feed, LiveFilter filter, SalesBrainDatabase database, LiveCursorCodes codes, TimeProvider clock) =>
        (_feed, Filter, _database, _codes, _clock) = (feed, filter, database, codes, clock);

    internal LiveFilter Filter { get; }

    /// <summary>Cancelled when the session has ended, or the instance stops.</summary>
    internal CancellationToken Ended => _ended.Token;

    /// <summary>Cancelled when the client reads too slowly.</summary>
    internal CancellationToken Cut => _cut.Token;

    /// <summary>What the client has been told with the events that <see cref="NextAsync"/> returned.</summary>
    internal LiveCursor Through { get; private set; } = null!;

    /// <summary>
    /// Goes to a cursor, or to the newest event without one. False if events behind the cursor may be gone: the client continues with the
    /// newest, and has to read again what it shows.
    /// </summary>
    internal async Task<bool> StartAsync(LiveCursor? cursor, CancellationToken cancellationToken)
    {
        var (head, resume) = await _feed.FindAsync(cursor, cancellationToken);
        var through = head.Through;
        (_at, _from, Through) = (resume ?? head, cursor, cursor ?? through);
        if (cursor is null)
        {
            return true;
        }
        if (through.At - cursor.At > LiveEvents.Kept || await IsAheadAsync(cursor, through, cancellationToken))
        {
            (_at, _from, Through) = (head, null, through);
            return false;
        }
        if (resume is null && IsShortOf(cursor, through))
        {
            Miss(head, through);
        }
        return true;
    }

    /// <summary>
    /// The next events for the client, as soon as there are any; none if the time passes. Ends early, without events, when the listener has
    /// ended.
    /// </summary>
    internal async Task<IReadOnlyList<ToldEvent>> NextAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ended, Cut);
        try
        {
            while (_at is null)
            {
                if (_missedThrough is { } through)
                {
                    if (await ReadMissedAsync(through, either.Token) is { Count: > 0 } missed)
                    {
                        return missed;
                    }
                }
                else
                {
                    await RejoinAsync(either.Token);
                }
            }
            while (true)
            {
                var next = _at.Next;
                if (!next.IsCompleted)
                {
                    Through = Later(_at.Through);
                    var left = wait - _clock.GetElapsedTime(started);
                    if (left <= TimeSpan.Zero)
                    {
                        return [];
                    }
                    await next.WaitAsync(left, _clock, either.Token);
                }
                _at = await next;
                var events = _at.Of(Filter.Organization).Where(told => IsNew(told) && Filter.Takes(told)).ToList();
                Through = Later(_at.Through);
                if (events.Count > 0)
                {
                    return events;
                }
            }
        }
        catch (TimeoutException)
        {
            Through = _at is { } at ? Later(at.Through) : Through;
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && Ended.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>Whether the client's next batch is further behind than is allowed.</summary>
    internal bool IsBehind(LiveBatch head) => _at is { } at && head.Total - at.Total > LiveFeed.MaxBehind;

    internal void End() => _ended.Cancel();

    internal void CutOff() => _cut.Cancel();

    public void Dispose() => _feed.Close(this);

    private static bool IsShortOf(LiveCursor cursor, LiveCursor through) =>
        cursor.Each < through.Each || cursor.Coalesced < through.Coalesced;

    /// <summary>
    /// Reads what it missed up to a batch from the database. Meanwhile it holds no batch: those that come would stay in memory as long as it
    /// waits for its turn, and it would be cut off as too slow.
    /// </summary>
    private void Miss(LiveBatch head, LiveCursor through) => (_at, _missedThrough, _missedTotal) = (null, through, head.Total);

    /// <summary>Goes on with the batches in memory; with the database, if those after what it read there are gone.</summary>
    private async Task RejoinAsync(CancellationToken cancellationToken)
    {
        var (head, resume) = await _feed.FindAsync(_from, cancellationToken);
        var through = head.Through;
        if (resume is null && head.Total != _missedTotal && IsShortOf(_from!, through))
        {
            Miss(head, through);
        }
        else
        {
            _at = resume ?? head;
        }
    }

    private bool IsNew(ToldEvent told) => _from is null || told.Position > (told.Channel.IsCoalesced() ? _from.Coalesced : _from.Each);

    /// <summary>A cursor of another instance can be ahead of what this one has read. It never goes back.</summary>
    private LiveCursor Later(LiveCursor through) =>
        _from is null || (through.Each >= _from.Each && through.Coalesced >= _from.Coalesced) ? through : _from with { At = through.At };

    /// <summary>Whether a cursor names transactions that do not exist yet: the database is an older one, restored from a backup.</summary>
    private async Task<bool> IsAheadAsync(LiveCursor cursor, LiveCursor through, CancellationToken cancellationToken)
    {
        if (cursor.Each <= through.Each && cursor.Coalesced <= through.Coalesced)
        {
            return false;
        }
        var next = (await LiveEvents.GetSnapshotAsync(_database.ReadPlatform(), cancellationToken)).Next;
        return cursor.Each.Xid > next || cursor.Coalesced.Xid > next;
    }

    /// <summary>A page of what the client missed: first of the channels that tell each event, then all of the coalesced ones.</summary>
    private async Task<List<ToldEvent>> ReadMissedAsync(LiveCursor through, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        try
        {
            return _from!.Each < through.Each
                ? await ReadMissedEachAsync(through, cancellationToken)
                : await ReadMissedCoalescedAsync(through, cancellationToken);
        }
        finally
        {
            Turns.Release();
        }
    }

    private async Task<List<ToldEvent>> ReadMissedEachAsync(LiveCursor through, CancellationToken cancellationToken)
    {
        var channels = Filter.Channels.Where(channel => !channel.IsCoalesced()).ToList();
        var rows = channels.Count == 0 ? [] : await ReadMissedAsync(channels, _from!.Each, through.Each, cancellationToken);
        var told = rows
            .Select(change => (Channel: LiveChannels.Of(change)!.Value, Change: change))
            .Where(row => Filter.Takes(row.Channel, row.Change))
            .Select(row => new ToldEvent(row.Change, row.Channel, row.Change.Position, new(row.Change.Position, _from!.Coalesced, through.At), _codes))
            .ToList();
        _from = _from! with { Each = rows.Count == MissedPage ? rows[^1].Position : through.Each, At = through.At };
        Through = _from;
        EndMissed(through);
        return told;
    }

    private async Task<List<ToldEvent>> ReadMissedCoalescedAsync(LiveCursor through, CancellationToken cancellationToken)
    {
        var channels = Filter.Channels.Where(channel => channel.IsCoalesced()).ToList();
        var (coalescing, after) = (new Coalescing(), _from!.Coalesced);
        List<LiveChange> rows;
        do
        {
            rows = channels.Count == 0 ? [] : await ReadMissedAsync(channels, after, through.Coalesced, cancellationToken);
            foreach (var change in rows)
            {
                if (LiveChannels.Of(change)!.Value is var channel && Filter.Takes(channel, change))
                {
                    coalescing.Add(channel, change);
                }
                after = change.Position;
            }
        }
        while (rows.Count == MissedPage);
        var counters = coalescing.Campaigns is { Count: > 0 } campaigns
            ? await LiveEvents.GetCountersAsync(_database.ReadPlatform(), campaigns, cancellationToken)
            : [];
        var told = coalescing.Take(counters)
            .Select(change => new ToldEvent(change, LiveChannels.Of(change)!.Value, change.Position, new(_from!.Each, change.Position, through.At), _codes))
            .ToList();
        _from = _from! with { Coalesced = through.Coalesced, At = through.At };
        Through = _from;
        EndMissed(through);
        return told;
    }

    private void EndMissed(LiveCursor through)
    {
        if (_from!.Each >= through.Each && _from.Coalesced >= through.Coalesced)
        {
            _missedThrough = null;
        }
    }

    private Task<List<LiveChange>> ReadMissedAsync(
        IEnumerable<LiveChannel> channels, LivePosition after, LivePosition through, CancellationToken cancellationToken)
    {
        var (session, names) = (_database.ReadPlatform(), channels.Select(Core.Values.WireNames.ToWireName).ToArray());
        return Filter.Organization is { } organization
            ? LiveEvents.ReadMissedAsync(session, organization, names, after, through, MissedPage, cancellationToken)
            : LiveEvents.ReadMissedEverywhereAsync(session, names, after, through, MissedPage, cancellationToken);
    }
}
