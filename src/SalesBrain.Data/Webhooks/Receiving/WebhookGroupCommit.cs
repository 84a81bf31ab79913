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
    /// Stores one delivery, all its events or none, and returns after the commit: <see cref="StorageResult.Stored"/>, or
    /// <see cref="StorageResult.Outdated"/> if its endpoint changed after it was read. Throws <see cref="NpgsqlException"/> if the delivery
    /// could not be written. Cancelling ends the wait only: the delivery may still be stored, and a later one is then its duplicate.
    /// </summary>
    public async Task<StorageResult> StoreAsync(IReadOnlyList<ReceivedWebhook> events, CancellationToken cancellationToken)
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
            // A delivery that the database refuses must not fail the other deliveries of its batch.
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
        var events = DistinctEvents.Of(batch.SelectMany(delivery => delivery.Events));
        var stored = (await WithOneRetryAsync(events.Distinct)).ToDictionary(row => row.ReceivedId);
        if (stored.Values.Any(row => row.Status == "pending"))
        {
            // For a duplicate as well: it had the first one's row locked for a moment, and the processor may have passed over it.
            _signal.Raise();
        }
        foreach (var delivery in batch)
        {
            delivery.Done.TrySetResult(events.ResultOf(delivery.Events, stored));
        }
    }

    private async Task<List<StoredWebhook>> WithOneRetryAsync(IReadOnlyList<ReceivedWebhook> events)
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

    private sealed class Delivery(IReadOnlyList<ReceivedWebhook> events)
    {
        public IReadOnlyList<ReceivedWebhook> Events { get; } = events;

        public long Bytes { get; } = events.Sum(received => (long)received.Body.Length);

        public TaskCompletionSource<StorageResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
