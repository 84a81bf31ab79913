using SalesBrain.Core.Live;

namespace SalesBrain.Functions.Live;

/// <summary>
/// What one reading of the database brought, linked to the next: listeners walk from one to the next at their own speed, and what all have
/// passed is garbage.
/// </summary>
internal sealed class LiveBatch
{
    private readonly TaskCompletionSource<LiveBatch> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, List<ToldEvent>> _byOrganization = [];
    private readonly IReadOnlyList<ToldEvent> _all;
    private volatile LiveCursor _through;

    internal LiveBatch(LiveBatch? previous, IReadOnlyList<ToldEvent> events, LiveCursor through)
    {
        (_all, _through) = (events, through);
        Total = (previous?.Total ?? 0) + events.Count;
        foreach (var one in events)
        {
            if (!_byOrganization.TryGetValue(one.Change.OrganizationId, out var list))
            {
                _byOrganization.Add(one.Change.OrganizationId, list = []);
            }
            list.Add(one);
        }
    }

    /// <summary>Events up to and with this batch.</summary>
    internal long Total { get; }

    /// <summary>
    /// What has been told with this batch. Rises while nothing happens; there are no events between this and the next batch.
    /// </summary>
    internal LiveCursor Through
    {
        get => _through;
        set => _through = value;
    }

    /// <summary>Completes when there is a next batch.</summary>
    internal Task<LiveBatch> Next => _next.Task;

    /// <summary>The events of an organization, or of all.</summary>
    internal IReadOnlyList<ToldEvent> Of(Guid? organizationId) =>
        organizationId is not { } id ? _all : _byOrganization.TryGetValue(id, out var own) ? own : [];

    internal void Append(LiveBatch next) => _next.SetResult(next);
}
