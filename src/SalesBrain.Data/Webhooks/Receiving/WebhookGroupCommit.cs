using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Retention;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Stores concurrent deliveries with one commit (group commit). While one commit is being written, new deliveries are collected for the
/// next one, in which organizations take turns (<see cref="WaitingDeliveries"/>). A sender gets its response only after the commit of its
/// delivery.
/// </summary>
public sealed class WebhookGroupCommit : IAsyncDisposable
{
    private readonly SalesBrainDatabase _database;
    private readonly WebhookSignal _signal;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger<WebhookGroupCommit> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly WaitingDeliveries _waiting = new();

    // Two writers: one collects and sends while the other waits for its commit. More would only make smaller batches. One of them takes no
    // large deliveries, so that a small one never waits for the commit of a large one.
    private readonly Writer[] _writers = [new(TakesLarge: false), new(TakesLarge: true)];
    private readonly Task[] _running;

    public WebhookGroupCommit(SalesBrainDatabase database, WebhookSignal signal, WebhookMetrics metrics, ILogger<WebhookGroupCommit> log)
    {
        _database = database;
        _signal = signal;
        _metrics = metrics;
        _log = log;
        // The first delivery may create this. Its span and log scope must not become those of all later commits.
        using (ExecutionContext.SuppressFlow())
        {
            _running = [.. _writers.Select(WriteAsync)];
        }
    }

    /// <summary>
    /// Stores one delivery, all its events or none, and returns after the commit: <see cref="StorageResult.Stored"/>,
    /// <see cref="StorageResult.Outdated"/> if its endpoint changed after it was read, or <see cref="StorageResult.Busy"/>. Throws
    /// <see cref="NpgsqlException"/> if the delivery could not be written. Cancelling gives the delivery up if its commit has not begun; it
    /// may be stored otherwise, and a later one is then its duplicate.
    /// </summary>
    public Task<StorageResult> StoreAsync(ReceivedDelivery received, CancellationToken cancellationToken)
    {
        var delivery = new WaitingDelivery(received);
        if (!_waiting.TryAdd(delivery))
        {
            return Task.FromResult<StorageResult>(new StorageResult.Busy());
        }
        WakeWriters();
        return delivery.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Close();
        foreach (var writer in _writers)
        {
            writer.Wake.Writer.TryComplete();
        }
        await Task.WhenAll(_running);
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private void WakeWriters()
    {
        foreach (var writer in _writers)
        {
            writer.Wake.Writer.TryWrite(true);
        }
    }

    private async Task WriteAsync(Writer writer)
    {
        await Task.Yield();
        var batch = new List<WaitingDelivery>();
        bool isOpen;
        do
        {
            isOpen = await writer.Wake.Reader.WaitToReadAsync();
            writer.Wake.Reader.TryRead(out _);
            while (await StoreNextAsync(writer, batch))
            {
                // Until nothing waits.
            }
        }
        while (isOpen);
    }

    /// <summary>Stores a large delivery and then a batch of small ones. False if neither waited.</summary>
    private async Task<bool> StoreNextAsync(Writer writer, List<WaitingDelivery> batch)
    {
        var hasLarge = writer.TakesLarge && _waiting.TryTakeLarge(batch);
        if (hasLarge)
        {
            await StoreBatchAsync(batch);
        }
        var hasSmall = _waiting.TryTakeSmall(batch);
        if (hasSmall)
        {
            await StoreBatchAsync(batch);
        }
        return hasLarge || hasSmall;
    }

    private async Task StoreBatchAsync(List<WaitingDelivery> batch)
    {
        try
        {
            await StoreTogetherAsync(batch);
        }
        catch (Exception e) when (batch.Count > 1 && e is not NpgsqlException { IsTransient: true }
            && !DatabaseAvailability.IsLost(e) && !DatabaseAvailability.IsOfAnotherBuild(e))
        {
            // A delivery that the database refuses must not fail the other deliveries of its batch. Halves, so that one such delivery costs
            // a few more commits, and not one for each of the others.
            _log.LogWarning(e, "A batch of {Count} deliveries failed together; storing it in halves", batch.Count);
            await StoreBatchAsync(batch[..(batch.Count / 2)]);
            await StoreBatchAsync(batch[(batch.Count / 2)..]);
        }
        catch (Exception e)
        {
            foreach (var delivery in batch)
            {
                delivery.Fail(e);
            }
        }
    }

    private async Task StoreTogetherAsync(List<WaitingDelivery> batch)
    {
        using var span = StartSpan(batch);
        var events = DistinctEvents.Of(batch.SelectMany(delivery => delivery.Received.Events));
        var shared = batch.Select(delivery => delivery.Received).Where(received => received.Events.Count > 1).ToList();
        var stored = (await WithOneRetryAsync(events.Distinct, shared)).ToDictionary(row => row.ReceivedId);
        if (stored.Values.Any(row => row.Status == "pending"))
        {
            _signal.Raise();
        }
        // Whose events are all new need not wait until the others' are counted.
        var counted = new List<WaitingDelivery>();
        foreach (var delivery in batch)
        {
            if (delivery.Received.Events.Any(received => events.IsRepeated(received, stored)))
            {
                counted.Add(delivery);
            }
            else
            {
                Complete(delivery, events.ResultOf(delivery.Received.Events, stored));
            }
        }
        if (counted.Count > 0)
        {
            await CountAgainAsync(counted, events, stored);
        }
    }

    /// <summary>
    /// Counts the further deliveries of events that were stored before, and completes these deliveries with the logs' true status.
    /// </summary>
    private async Task CountAgainAsync(List<WaitingDelivery> deliveries, DistinctEvents events, Dictionary<Guid, StoredWebhook> stored)
    {
        var repeated = events.Distinct
            .Where(received => events.IsRepeated(received, stored))
            .Select(received => new RepeatedWebhook(received.OrganizationId, stored[received.Id].LogId, received.Deliveries, received.CreatedAt))
            .ToList();
        try
        {
            var statuses = (await CountWithOneRetryAsync(repeated)).ToDictionary(log => log.LogId, log => log.Status);
            foreach (var row in stored.Values.Where(row => row.Duplicate).ToList())
            {
                stored[row.ReceivedId] = row with { Status = statuses.GetValueOrDefault(row.LogId, StoredWebhook.Deleted) };
            }
            if (statuses.ContainsValue("pending"))
            {
                // The row was locked for a moment, and the processor may have passed over it.
                _signal.Raise();
            }
            foreach (var delivery in deliveries)
            {
                Complete(delivery, events.ResultOf(delivery.Received.Events, stored));
            }
        }
        catch (Exception e)
        {
            // The new events of the batch are stored: nothing may be stored again here. The senders retry, and are counted then.
            foreach (var delivery in deliveries)
            {
                delivery.Fail(e);
            }
        }
    }

    /// <summary>The span of a commit; null if none of its deliveries is traced.</summary>
    private static Activity? StartSpan(List<WaitingDelivery> batch)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }
        var waiting = batch.Select(delivery => delivery.Received.Span).OfType<Activity>().ToList();
        var span = waiting.Count == 0
            ? null
            : Tracing.StartShared("commit webhooks", waiting.Select(wait => wait.Context), DateTimeOffset.UtcNow);
        if (span is not null)
        {
            span.SetTag(Tracing.EventCount, batch.Sum(delivery => delivery.Received.Events.Count));
            foreach (var wait in waiting.Where(wait => wait.SpanId != span.ParentSpanId))
            {
                wait.AddLink(new ActivityLink(span.Context));
            }
        }
        return span;
    }

    /// <summary>Counts what was stored, and gives the sender its result.</summary>
    private void Complete(WaitingDelivery delivery, StorageResult result)
    {
        if (result is StorageResult.Stored { Webhooks: var stored })
        {
            for (var i = 0; i < stored.Count; i++)
            {
                _metrics.Received(delivery.Received.Events[i].EventSource, stored[i].Duplicate, stored[i].Status == "ignored");
            }
        }
        delivery.Complete(result);
    }

    private async Task<List<LogStatus>> CountWithOneRetryAsync(List<RepeatedWebhook> repeated)
    {
        try
        {
            return await ReceivedWebhooks.CountAgainAsync(_database.AutoCommitPlatform(), repeated, _stop.Token);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            return await ReceivedWebhooks.CountAgainAsync(_database.AutoCommitPlatform(), repeated, _stop.Token);
        }
    }

    private async Task<List<StoredWebhook>> WithOneRetryAsync(IReadOnlyList<ReceivedWebhook> events, IReadOnlyList<ReceivedDelivery> shared)
    {
        try
        {
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, shared, _stop.Token);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, shared, _stop.Token);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation && e.MessageText.Contains("no partition", StringComparison.Ordinal))
        {
            // The timer that creates partitions in advance has not run for months, or the clock jumped: create them now.
            _log.LogError(e, "The month's partitions are missing; creating them");
            await WebhookPartitions.EnsureAsync(_database.AutoCommitPlatform(), events.Min(received => received.CreatedAt), 2, _stop.Token);
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, shared, _stop.Token);
        }
    }

    private sealed record Writer(bool TakesLarge)
    {
        /// <summary>Has an item from when something was added until the writer looks.</summary>
        public Channel<bool> Wake { get; } = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    }
}
