using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Rejections;

/// <summary>
/// Records refused deliveries, concurrent ones with one statement, in which organizations take turns. A flood of them uses one connection,
/// and once an endpoint's hour is full, neither bodies nor headers are sent to the database.
/// </summary>
public sealed class RejectionRecorder(SalesBrainDatabase database, ILogger<RejectionRecorder> log)
{
    private const int MaxBatch = 100;

    /// <summary>Endpoints and hours whose counts are remembered.</summary>
    private const int MaxCounts = 10_000;

    private readonly Lock _lock = new();
    private readonly FairQueue<Entry> _waiting = new(quantum: 8);
    private readonly ConcurrentDictionary<(Guid EndpointId, DateTime Hour), long> _counts = new();
    private bool _isWriting;

    /// <summary>Returns when the rejection is recorded. Throws <see cref="NpgsqlException"/> if it could not be.</summary>
    public Task RecordAsync(NewRejection rejection, CancellationToken cancellationToken)
    {
        var entry = new Entry(Reduce(rejection));
        lock (_lock)
        {
            _waiting.Add(rejection.OrganizationId, entry, 1);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = WriteAllAsync();
            }
        }
        return entry.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Without what would not be kept, as far as is known.</summary>
    private NewRejection Reduce(NewRejection rejection) => _counts.GetValueOrDefault((rejection.EndpointId, rejection.Hour)) switch
    {
        >= WebhookRejections.MaxAnHour => rejection with { Body = [], Headers = "{}" },
        >= WebhookRejections.MaxBodiesAnHour => rejection with { Body = [] },
        _ => rejection,
    };

    private async Task WriteAllAsync()
    {
        await Task.Yield();
        while (TakeBatch() is { Count: > 0 } batch)
        {
            await WriteAsync(batch);
        }
    }

    /// <summary>What the next statement records. Empty if nothing waits, and then this writer has ended.</summary>
    private List<Entry> TakeBatch()
    {
        var batch = new List<Entry>();
        lock (_lock)
        {
            while (batch.Count < MaxBatch && _waiting.TryTake(int.MaxValue, out var entry, out _))
            {
                batch.Add(entry);
            }
            _isWriting = batch.Count > 0;
        }
        return batch;
    }

    private async Task WriteAsync(List<Entry> batch)
    {
        try
        {
            var counts = await WebhookRejections.AddAsync(
                database.AutoCommitPlatform(), [.. batch.Select(entry => entry.Rejection)], CancellationToken.None);
            if (_counts.Count > MaxCounts)
            {
                _counts.Clear();
            }
            foreach (var count in counts)
            {
                _counts[(count.EndpointId, count.Hour)] = count.Deliveries;
            }
        }
        catch (Exception e) when (batch.Count > 1 && e is not NpgsqlException { IsTransient: true }
            && !DatabaseAvailability.IsLost(e) && !DatabaseAvailability.IsOfAnotherBuild(e))
        {
            log.LogWarning(e, "A batch of {Count} rejections failed together; recording it in halves", batch.Count);
            await WriteAsync(batch[..(batch.Count / 2)]);
            await WriteAsync(batch[(batch.Count / 2)..]);
            return;
        }
        catch (Exception e)
        {
            foreach (var entry in batch)
            {
                entry.Done.TrySetException(e);
            }
            return;
        }
        foreach (var entry in batch)
        {
            entry.Done.TrySetResult();
        }
    }

    private sealed record Entry(NewRejection Rejection)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
