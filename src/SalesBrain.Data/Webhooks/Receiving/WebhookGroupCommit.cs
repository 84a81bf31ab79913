using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Retention;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Stores concurrent deliveries with one commit (group commit). While one commit is being written, new deliveries are collected for the
/// next one. A sender gets its response only after the commit of its delivery.
/// </summary>
public sealed class WebhookGroupCommit : IAsyncDisposable
{
    // Two writers: one collects and sends while the other waits for its commit. More would only make smaller batches.
    private const int Writers = 2;
    private const int MaxEvents = 500;
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MaxWaiting = 2000;

    private readonly SalesBrainDatabase _database;
    private readonly WebhookSignal _signal;
    private readonly ILogger<WebhookGroupCommit> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Delivery> _waiting = Channel.CreateBounded<Delivery>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait });

    private readonly Task[] _writers;

    public WebhookGroupCommit(SalesBrainDatabase database, WebhookSignal signal, ILogger<WebhookGroupCommit> log)
    {
        _database = database;
        _signal = signal;
        _log = log;
        _writers = Enumerable.Range(0, Writers).Select(_ => WriteAsync()).ToArray();
    }

    /// <summary>
    /// Stores all events of one delivery, or none, and returns after the commit. Null if the endpoint has changed meanwhile; the caller
    /// must then verify the delivery again. Throws <see cref="NpgsqlException"/> if the delivery could not be written. If a caller stops
    /// waiting, the delivery may still be stored; a repeated delivery is then a duplicate.
    /// </summary>
    public async Task<IReadOnlyList<StoredWebhook>?> StoreAsync(IReadOnlyList<ReceivedWebhook> events, CancellationToken cancellationToken)
    {
        var delivery = new Delivery(events);
        await _waiting.Writer.WriteAsync(delivery, cancellationToken);
        return await delivery.Done.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_writers);
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        await Task.Yield();
        var batch = new List<Delivery>();
        Delivery? leftOver = null;
        while (leftOver is not null || await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            var (count, bytes) = (0, 0L);
            while (leftOver is not null || _waiting.Reader.TryRead(out leftOver))
            {
                if (batch.Count > 0 && (count + leftOver.Events.Count > MaxEvents || bytes + leftOver.Bytes > MaxBytes))
                {
                    break;
                }
                (count, bytes) = (count + leftOver.Events.Count, bytes + leftOver.Bytes);
                batch.Add(leftOver);
                leftOver = null;
            }
            if (batch.Count > 0)
            {
                await StoreBatchAsync(batch);
            }
        }
    }

    private async Task StoreBatchAsync(List<Delivery> batch)
    {
        try
        {
            await StoreTogetherAsync(batch);
        }
        catch (Exception e) when (batch.Count > 1 && e is not NpgsqlException { IsTransient: true })
        {
            // One delivery that the database won't take must not fail its neighbours.
            _log.LogWarning(e, "A batch of {Count} deliveries failed together; storing them one by one", batch.Count);
            foreach (var delivery in batch)
            {
                await StoreBatchAsync([delivery]);
            }
        }
        catch (Exception e)
        {
            foreach (var delivery in batch)
            {
                delivery.Done.TrySetException(e);
            }
        }
    }

    private async Task StoreTogetherAsync(List<Delivery> batch)
    {
        // Of equal events inside the batch only the first is stored.
        var first = new Dictionary<DedupeKeyOf, int>();
        var unique = new List<ReceivedWebhook>();
        var standIns = new Dictionary<Guid, Guid>();
        foreach (var received in batch.SelectMany(delivery => delivery.Events))
        {
            if (received.DedupeKey is { } key && !first.TryAdd(new DedupeKeyOf(received.OrganizationId, Convert.ToHexString(key)), unique.Count))
            {
                var index = first[new DedupeKeyOf(received.OrganizationId, Convert.ToHexString(key))];
                unique[index] = unique[index] with { Deliveries = unique[index].Deliveries + received.Deliveries };
                standIns.Add(received.Id, unique[index].Id);
            }
            else
            {
                unique.Add(received);
            }
        }

        var stored = (await WithOneRetryAsync(unique)).ToDictionary(row => row.ReceivedId);
        if (stored.Values.Any(row => row.Status == "pending"))
        {
            // For a duplicate as well: it had the first one's row locked for a moment, and the processor may have passed over it.
            _signal.Raise();
        }
        foreach (var delivery in batch)
        {
            var rows = new List<StoredWebhook>(delivery.Events.Count);
            foreach (var received in delivery.Events)
            {
                if (stored.TryGetValue(received.Id, out var row))
                {
                    rows.Add(row);
                }
                else if (standIns.TryGetValue(received.Id, out var standIn) && stored.TryGetValue(standIn, out row))
                {
                    rows.Add(row with { ReceivedId = received.Id, Duplicate = true });
                }
            }
            delivery.Done.TrySetResult(rows.Count == delivery.Events.Count ? rows : null);
        }
    }

    private async Task<List<StoredWebhook>> WithOneRetryAsync(List<ReceivedWebhook> events)
    {
        try
        {
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, _stop.Token);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, _stop.Token);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation && e.MessageText.Contains("no partition", StringComparison.Ordinal))
        {
            // The timer that creates partitions in advance has not run for months, or the clock jumped: create them now.
            _log.LogError(e, "The month's partitions are missing; creating them");
            await WebhookPartitions.EnsureAsync(_database.AutoCommitPlatform(), events.Min(received => received.CreatedAt), 2, _stop.Token);
            return await ReceivedWebhooks.StoreAsync(_database.AutoCommitPlatform(), events, _stop.Token);
        }
    }

    private readonly record struct DedupeKeyOf(Guid OrganizationId, string Key);

    private sealed class Delivery(IReadOnlyList<ReceivedWebhook> events)
    {
        public IReadOnlyList<ReceivedWebhook> Events { get; } = events;

        public long Bytes { get; } = events.Sum(received => (long)received.Body.Length);

        public TaskCompletionSource<IReadOnlyList<StoredWebhook>?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
