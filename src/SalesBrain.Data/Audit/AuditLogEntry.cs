using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Audit;

/// <summary>What the audit log can be sorted by.</summary>
public enum AuditSort
{
    At,
}

/// <summary>Filter of audit log entries. Null values do not restrict the result.</summary>
public sealed record AuditFilter
{
    public Guid? OrganizationId { get; init; }
    public Guid? ActorId { get; init; }

    /// <summary>The complete name of the action, such as <c>user.created</c>.</summary>
    public string? Action { get; init; }

    /// <summary>What kind of thing it was done to.</summary>
    public string? Entity { get; init; }
    public Guid? EntityId { get; init; }

    /// <summary>The first time that counts.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>The first time that counts no more.</summary>
    public DateTime? DateTo { get; init; }
}

/// <summary>An entry of the audit log.</summary>
public sealed record AuditLogEntry : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    /// <summary>Null for entries without an organization, or whose organization was deleted.</summary>
    public Guid? OrganizationId { get; init; }
    public DateTime At { get; init; }

    /// <summary>The action, such as <c>user.created</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>The kind of resource that <c>entity_id</c> refers to, such as <c>user</c>.</summary>
    public string Entity { get; init; } = "";
    public Guid? EntityId { get; init; }

    /// <summary>The user who performed the action; null for SalesBrain itself.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The user's role at that time.</summary>
    public string? ActorRole { get; init; }

    /// <summary>Null if the caller cannot see the user, such as a platform operator.</summary>
    public string? ActorName { get; init; }

    /// <summary>The changed fields with their values <c>before</c> and <c>after</c>, or the summary of a bulk action.</summary>
    public JsonElement Changes { get; init; }

    /// <summary>The IP address of the request.</summary>
    public string? Ip { get; init; }
}
