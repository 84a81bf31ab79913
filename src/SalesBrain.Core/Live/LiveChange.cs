namespace SalesBrain.Core.Live;

/// <summary>A row of <c>app.live_event</c>: what changed, and whose it is.</summary>
public sealed record LiveChange
{
    public long Xid { get; init; }

    public long Number { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid? AgencyId { get; init; }

    public Guid? ClientId { get; init; }

    public Guid? UserId { get; init; }

    /// <summary>Whose rules decide who sees it, see <see cref="LiveAudience"/>.</summary>
    public string Audience { get; init; } = LiveAudience.Readers;

    public string Channel { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Entity { get; init; } = "";

    /// <summary>Null: several of the entity changed.</summary>
    public Guid? EntityId { get; init; }

    public Guid? CampaignId { get; init; }

    /// <summary>A JSON object.</summary>
    public string Data { get; init; } = "{}";

    public DateTime At { get; init; }

    public LivePosition Position => new(Xid, Number);
}
