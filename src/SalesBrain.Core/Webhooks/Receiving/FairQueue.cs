using System.Diagnostics.CodeAnalysis;

namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>
/// A queue in which organizations take turns, by the cost of their items and not by their number (deficit round robin): an organization's
/// item waits for at most one quantum of each other organization, however much those have queued. Items of one organization keep their
/// order. Not thread-safe.
/// </summary>
/// <param name="quantum">The cost that an organization may spend in one turn.</param>
public sealed class FairQueue<T>(int quantum)
{
    /// <summary>Emptied lanes that are kept for reuse.</summary>
    private const int MaxSpareLanes = 64;

    private readonly Dictionary<Guid, Lane> _lanes = [];
    private readonly Queue<Lane> _turns = new();
    private readonly Stack<Lane> _spare = new();

    public int Count { get; private set; }

    /// <summary>The cost of everything that waits.</summary>
    public long Cost { get; private set; }

    /// <summary>The cost of what an organization has waiting.</summary>
    public long CostOf(Guid organizationId) => _lanes.TryGetValue(organizationId, out var lane) ? lane.Cost : 0;

    /// <param name="organizationId">Whose item it is.</param>
    /// <param name="item">The item.</param>
    /// <param name="cost">At least 1.</param>
    public void Add(Guid organizationId, T item, int cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, 1);
        if (!_lanes.TryGetValue(organizationId, out var lane))
        {
            lane = _spare.TryPop(out var spare) ? spare : new Lane();
            lane.OrganizationId = organizationId;
            _lanes.Add(organizationId, lane);
            _turns.Enqueue(lane);
        }
        lane.Items.Enqueue((item, cost));
        lane.Cost += cost;
        Cost += cost;
        Count++;
    }

    /// <summary>Takes the next item, unless it costs more than <paramref name="maxCost"/>: it then stays the next one.</summary>
    public bool TryTake(int maxCost, [MaybeNullWhen(false)] out T item, out int cost)
    {
        while (_turns.TryPeek(out var lane))
        {
            if (!lane.HasTurn)
            {
                lane.HasTurn = true;
                lane.Credit += quantum;
            }
            cost = lane.Items.Peek().Cost;
            if (cost > lane.Credit)
            {
                lane.HasTurn = false;
                _turns.Enqueue(_turns.Dequeue());
                continue;
            }
            if (cost > maxCost)
            {
                break;
            }
            item = lane.Items.Dequeue().Item;
            lane.Credit -= cost;
            lane.Cost -= cost;
            Cost -= cost;
            Count--;
            if (lane.Items.Count == 0)
            {
                Remove(lane);
            }
            return true;
        }
        (item, cost) = (default, 0);
        return false;
    }

    /// <summary>Removes the lane whose turn it is. Unused credit is lost, so that nobody saves it up.</summary>
    private void Remove(Lane lane)
    {
        _turns.Dequeue();
        _lanes.Remove(lane.OrganizationId);
        (lane.Credit, lane.HasTurn) = (0, false);
        if (_spare.Count < MaxSpareLanes)
        {
            _spare.Push(lane);
        }
    }

    private sealed class Lane
    {
        public Guid OrganizationId { get; set; }

        public Queue<(T Item, int Cost)> Items { get; } = new();

        public int Credit { get; set; }

        public bool HasTurn { get; set; }

        public long Cost { get; set; }
    }
}
