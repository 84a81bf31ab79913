using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>The events of one commit without repetition: of equal events the first is stored, and counts the others' deliveries.</summary>
internal sealed class DistinctEvents
{
    private readonly List<ReceivedWebhook> _distinct = [];

    /// <summary>From a repeated event's id to that of the first one.</summary>
    private readonly Dictionary<Guid, Guid> _firstIds = [];

    /// <summary>No two of them have the same dedupe key within an organization.</summary>
    public IReadOnlyList<ReceivedWebhook> Distinct => _distinct;

    public static DistinctEvents Of(IEnumerable<ReceivedWebhook> events)
    {
        var result = new DistinctEvents();
        var indexes = new Dictionary<Identity, int>();
        foreach (var received in events)
        {
            result.Add(received, indexes);
        }
        return result;
    }

    /// <summary>Whether the event, or an equal one of this commit, was stored before.</summary>
    public bool IsRepeated(ReceivedWebhook received, IReadOnlyDictionary<Guid, StoredWebhook> stored) =>
        stored.TryGetValue(_firstIds.GetValueOrDefault(received.Id, received.Id), out var row) && row.Duplicate;

    /// <summary>What became of one delivery's events, from the rows that the commit returned by the id of the stored event.</summary>
    public StorageResult ResultOf(IReadOnlyList<ReceivedWebhook> events, IReadOnlyDictionary<Guid, StoredWebhook> stored)
    {
        var rows = new List<StoredWebhook>(events.Count);
        foreach (var received in events)
        {
            if (stored.TryGetValue(received.Id, out var row))
            {
                rows.Add(row);
            }
            else if (_firstIds.TryGetValue(received.Id, out var firstId) && stored.TryGetValue(firstId, out row))
            {
                rows.Add(row with { ReceivedId = received.Id, Duplicate = true });
            }
            else
            {
                // The statement leaves an event out only if its endpoint has changed.
                return new StorageResult.Outdated();
            }
        }
        return new StorageResult.Stored(rows);
    }

    private void Add(ReceivedWebhook received, Dictionary<Identity, int> indexes)
    {
        var identity = new Identity(
            received.OrganizationId,
            BinaryPrimitives.ReadUInt128LittleEndian(received.DedupeKey),
            BinaryPrimitives.ReadUInt128LittleEndian(received.DedupeKey.AsSpan(16)));
        if (indexes.TryAdd(identity, _distinct.Count))
        {
            _distinct.Add(received);
            return;
        }
        var index = indexes[identity];
        var first = _distinct[index];
        _distinct[index] = first with { Deliveries = first.Deliveries + received.Deliveries };
        _firstIds.Add(received.Id, first.Id);
    }

    /// <summary>An organization and the 32 bytes of a dedupe key.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Identity(Guid OrganizationId, UInt128 First, UInt128 Second);
}
