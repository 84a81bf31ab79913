using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Deliveries that wait for their commit. Organizations take turns (<see cref="FairQueue{T}"/>). Large deliveries wait apart from small
/// ones and are committed alone: a small delivery shares no commit with them and waits behind none. Thread-safe.
/// </summary>
internal sealed class WaitingDeliveries
{
    /// <summary>A delivery that costs more is large.</summary>
    private const int MaxSmallCost = 128;

    /// <summary>Most that a commit of small deliveries costs; 500 events of usual size.</summary>
    private const int MaxBatchCost = 500;

    /// <summary>What one organization may have waiting: some 60 of the largest arrays, or 20 seconds of work.</summary>
    private const long MaxCostOfOrganization = 100_000;

    /// <summary>What all may have waiting, to bound memory. An organization that has nothing waiting is taken even then.</summary>
    private const long MaxCost = 4 * MaxCostOfOrganization;

    private readonly Lock _lock = new();
    private readonly FairQueue<WaitingDelivery> _small = new(quantum: 16);
    private readonly FairQueue<WaitingDelivery> _large = new(quantum: 256);
    private bool _isClosed;

    /// <summary>False if the organization has too much waiting.</summary>
    public bool TryAdd(WaitingDelivery delivery)
    {
        var organizationId = delivery.Received.OrganizationId;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var waiting = _small.CostOf(organizationId) + _large.CostOf(organizationId);
            if (delivery.Received.IsLimited && waiting > 0
                && (waiting + delivery.Cost > MaxCostOfOrganization || _small.Cost + _large.Cost + delivery.Cost > MaxCost))
            {
                return false;
            }
            (delivery.Cost > MaxSmallCost ? _large : _small).Add(organizationId, delivery, delivery.Cost);
            return true;
        }
    }

    /// <summary>Takes what the next commit stores: small deliveries of several organizations. False if none wait.</summary>
    public bool TryTakeSmall(List<WaitingDelivery> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            for (var left = MaxBatchCost; left > 0 && _small.TryTake(left, out var delivery, out var cost);)
            {
                if (delivery.TryBegin())
                {
                    batch.Add(delivery);
                    left -= cost;
                }
            }
        }
        return batch.Count > 0;
    }

    /// <summary>Takes one large delivery. False if none waits.</summary>
    public bool TryTakeLarge(List<WaitingDelivery> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            while (batch.Count == 0 && _large.TryTake(int.MaxValue, out var delivery, out _))
            {
                if (delivery.TryBegin())
                {
                    batch.Add(delivery);
                }
            }
        }
        return batch.Count > 0;
    }

    /// <summary>From now on nothing can be added. What waits can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }
}

/// <summary>A delivery that waits for its commit, and the result that its sender waits for.</summary>
internal sealed class WaitingDelivery
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<StorageResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public WaitingDelivery(ReceivedDelivery received)
    {
        Received = received;
        var bytes = 0L;
        foreach (var webhook in received.Events)
        {
            bytes += webhook.Body.Length;
        }
        Cost = received.Events.Count + (int)(bytes / 1024);
    }

    public ReceivedDelivery Received { get; }

    /// <summary>What storing it costs: its events, and its bytes in KiB.</summary>
    public int Cost { get; }

    /// <summary>False if nobody waits for it any more. It is then not stored.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    public void Complete(StorageResult result) => _done.TrySetResult(result);

    public void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>The result. Cancelling gives the delivery up, unless its commit has begun: it may then still be stored.</summary>
    public async Task<StorageResult> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _done.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, GivenUp, Waiting);
        }
    }
}
