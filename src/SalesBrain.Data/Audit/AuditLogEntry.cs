using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Audit;

/// <summary>What the audit log can be sorted by.</summary>
public enum AuditSort
{
    At,
}

/// <summary>Which entries; what is null restricts nothing.</summary>
public sealed record AuditFilter
{
    public Guid? OrganizationId { get; init; }
    public Guid? ActorId { get; init; }

    /// <summary>What was done, whole: <c>user.created</c>.</summary>
    public string? Action { get; init; }

    /// <summary>What kind of thing it was done to.</summary>
    public string? Entity { get; init; }
    public Guid? EntityId { get; init; }

    /// <summary>The first time that counts.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>The first time that counts no more.</summary>
    public DateTime? DateTo { get; init; }
}

/// <summary>One thing that somebody did.</summary>
public sealed record AuditLogEntry : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    /// <summary>Null for what concerns no organization, or one that was deleted.</summary>
    public Guid? OrganizationId { get; init; }
    public DateTime At { get; init; }

    /// <summary>What was done, such as <c>user.created</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>What kind of thing <c>entity_id</c> names, such as <c>user</c>.</summary>
    public string Entity { get; init; } = "";
    public Guid? EntityId { get; init; }

    /// <summary>Who did it; null for the product itself.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The role they had then.</summary>
    public string? ActorRole { get; init; }

    /// <summary>Null where the caller may not see the person, as a platform operator's is to an organization.</summary>
    public string? ActorName { get; init; }

    /// <summary>What changed: <c>before</c> and <c>after</c> of the fields that did, or the receipt of a bulk work.</summary>
    public JsonElement Changes { get; init; }

    /// <summary>The address it was done from.</summary>
    public string? Ip { get; init; }
}
