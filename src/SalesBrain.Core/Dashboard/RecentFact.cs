namespace SalesBrain.Core.Dashboard;

/// <summary>One fact. The contact and the campaign are those of a webhook, the actor that of the other kinds.</summary>
public sealed record RecentFact
{
    /// <summary><c>webhook</c>, <c>assignment</c>, <c>onboarding_link</c> or <c>sign_in</c>.</summary>
    public string Kind { get; init; } = "";
    public Guid Id { get; init; }

    /// <summary>Null for actions of platform operators outside any organization.</summary>
    public Guid? OrganizationId { get; init; }
    public string? OrganizationName { get; init; }
    public DateTime At { get; init; }

    /// <summary>The event type of a webhook; otherwise the action of the audit entry.</summary>
    public string Action { get; init; } = "";
    public string Entity { get; init; } = "";
    public Guid? EntityId { get; init; }
    public string? Status { get; init; }
    public string? ContactEmail { get; init; }
    public string? CampaignName { get; init; }
    public Guid? ActorId { get; init; }
    public string? ActorRole { get; init; }

    /// <summary>Null where the session may not see the person, as a platform operator's is to a tenant.</summary>
    public string? ActorName { get; init; }
}
