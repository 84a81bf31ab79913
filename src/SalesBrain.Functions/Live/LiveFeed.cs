using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Data.Access;
using SalesBrain.Data.Conversations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Reads new events for all clients of this instance: one statement every 200 ms however many listen, and none while nobody does. Also ends
/// the streams of sessions that are no longer valid, and those of clients that read too slowly.
/// </summary>
public sealed class LiveFeed : BackgroundService
{
    /// <summary>Time between two readings while somebody listens.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the sessions of all streams are checked.</summary>
    internal static readonly TimeSpan SessionCheck = TimeSpan.FromSeconds(20);

    /// <summary>A client that is this many events behind is disconnected. It can continue from its cursor.</summary>
    internal const int MaxBehind = 10_000;

    /// <summary>How long reading goes on after the last client left: waiting requests come one after the other.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    /// <summary>How long a new client waits for the first reading.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SalesBrainDatabase _database;
    private readonly LiveCursorCodes _codes;
    private readonly LiveOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<LiveFeed> _log;
    private readonly CancellationTokenRegistration _stopping;

    private readonly Lock _gate = new();
    private readonly HashSet<LiveListener> _listeners = [];
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReading;
    private bool _isStopping;
    private long _readings;

    private readonly LiveReader _reader;
    private readonly RecentBatches _recent;

    // Written by the reading loop under the lock. Null while nobody listens.
    private LiveBatch? _head;

    public LiveFeed(
        SalesBrainDatabase database, LiveCursorCodes codes, IOptions<LiveOptions> options, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LiveFeed> log)
    {
        (_database, _codes, _options, _clock, _log) = (database, codes, options.Value, clock, log);
        (_reader, _recent) = (new(database, codes, clock), new(clock));
        // Before the server waits for open responses.
        _stopping = lifetime.ApplicationStopping.Register(EndAll);
    }

    /// <summary>Whether it asks the database for new events.</summary>
    internal bool IsReading
    {
        get
        {
            lock (_gate)
            {
                return _isReading;
            }
        }
    }

    /// <summary>How often it asked the database.</summary>
    internal long Readings => Interlocked.Read(ref _readings);

    /// <summary>Clients that listen at the moment.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>
    /// Begins to listen, until the listener is disposed. Null, with the problem, if there are too many, or while the instance stops.
    /// </summary>
    internal LiveListener? TryOpen(LiveFilter filter, out Problem? problem)
    {
        lock (_gate)
        {
            problem = _isStopping || _listeners.Count >= _options.StreamsPerInstance ? Problems.StreamsFull
                : _listeners.Count(listener => listener.Filter.Caller.UserId == filter.Caller.UserId) >= LiveOptions.PerUser ? Problems.TooManyStreams
                : null;
            if (problem is not null)
            {
                return null;
            }
            var opened = new LiveListener(this, filter, _database, _codes, _clock);
            _listeners.Add(opened);
            if (!_isReading)
            {
                _isReading = true;
                _wanted.Release();
            }
            return opened;
        }
    }

    internal void Close(LiveListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }
    }

    /// <summary>
    /// The newest batch, and the one from which a client continues that has a cursor: null if that has to ask the database.
    /// Throws <see cref="TimeoutException"/> if the database cannot be read.
    /// </summary>
    internal async Task<(LiveBatch Head, LiveBatch? Resume)> FindAsync(LiveCursor? cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task ready;
            lock (_gate)
            {
                if (_head is not null)
                {
                    return (_head, cursor is null ? _head : _recent.FindBehind(cursor));
                }
                ready = _ready.Task;
            }
            await ready.WaitAsync(Patience, _clock, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wanted.WaitAsync(stoppingToken);
                await ReadAllAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _wanted.Dispose();
        base.Dispose();
    }

    /// <summary>Reads until nobody listens.</summary>
    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        var (isFailing, checkedAt, heardAt) = (false, _clock.GetTimestamp(), _clock.GetTimestamp());
        while (true)
        {
            var started = _clock.GetTimestamp();
            var isFull = false;
            try
            {
                isFull = await ReadOnceAsync(cancellationToken);
                if (_clock.GetElapsedTime(checkedAt) >= SessionCheck)
                {
                    checkedAt = _clock.GetTimestamp();
                    await CheckSessionsAsync(cancellationToken);
                }
                isFailing = false;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Nothing is lost: reading continues where it stopped.
                if (!isFailing)
                {
                    _log.LogWarning(e, "Reading live events paused");
                }
                isFailing = true;
            }
            Interlocked.Increment(ref _readings);
            if (Count > 0)
            {
                heardAt = _clock.GetTimestamp();
            }
            else if (_clock.GetElapsedTime(heardAt) >= Linger && TryRest())
            {
                return;
            }
            var took = _clock.GetElapsedTime(started);
            // A reading that is slow is not repeated at once: the database has enough to do.
            var wait = isFailing ? Pause : isFull ? TimeSpan.Zero : took > Tick ? took : Tick - took;
            await Task.Delay(wait, _clock, cancellationToken);
        }
    }

    /// <summary>Whether reading may stop: nobody has come meanwhile.</summary>
    private bool TryRest()
    {
        lock (_gate)
        {
            if (_listeners.Count > 0)
            {
                return false;
            }
            (_isReading, _head) = (false, null);
            _recent.Clear();
            _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _reader.Forget();
            return true;
        }
    }

    /// <summary>One reading; true if there is more.</summary>
    private async Task<bool> ReadOnceAsync(CancellationToken cancellationToken)
    {
        if (_head is null)
        {
            Begin(await _reader.BeginAsync(cancellationToken));
            return false;
        }
        var (told, through, isFull) = await _reader.ReadAsync(cancellationToken);
        Publish(told, through);
        return isFull;
    }

    private void Begin(LiveCursor through)
    {
        lock (_gate)
        {
            _head = new LiveBatch(null, [], through);
            _recent.Add(_head);
            _ready.SetResult();
        }
    }

    private void Publish(IReadOnlyList<ToldEvent> events, LiveCursor through)
    {
        if (events.Count == 0)
        {
            _head!.Through = through;
            return;
        }
        LiveBatch previous, next;
        List<LiveListener> behind;
        lock (_gate)
        {
            previous = _head!;
            next = new LiveBatch(previous, events, through);
            _head = next;
            _recent.Add(next);
            behind = [.. _listeners.Where(listener => listener.IsBehind(next))];
        }
        previous.Append(next);
        foreach (var listener in behind)
        {
            _log.LogWarning("A stream of live updates was cut off: the client read too slowly");
            listener.CutOff();
        }
    }

    /// <summary>
    /// Ends the streams whose users have signed out, were disabled, or have another role now. Agents who listen are present.
    /// </summary>
    private async Task CheckSessionsAsync(CancellationToken cancellationToken)
    {
        LiveListener[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }
        var rows = await UserSessions.FindAllAsync(
            _database.ReadPlatform(), listeners.Select(listener => listener.Filter.Caller.SessionId).ToHashSet(), cancellationToken);
        var valid = rows
            .Select(row => Roles.TryParse(row.Role, out var role)
                ? new Caller(row.UserId, role, row.OrganizationId, row.AgencyId, row.ClientId, row.SessionId) : null)
            .OfType<Caller>()
            .ToHashSet();
        Guid[] agents = [.. valid.Where(caller => caller.Role == Role.Agent).Select(caller => caller.UserId).Distinct()];
        if (agents.Length > 0)
        {
            await AgentPresence.KeepAsync(_database.AutoCommitPlatform(), agents, _clock.GetUtcNow(), cancellationToken);
        }
        foreach (var listener in listeners.Where(listener => !valid.Contains(listener.Filter.Caller)))
        {
            listener.End();
        }
    }

    private void EndAll()
    {
        LiveListener[] listeners;
        lock (_gate)
        {
            _isStopping = true;
            listeners = [.. _listeners];
        }
        foreach (var listener in listeners)
        {
            listener.End();
        }
    }
}
