using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Audit;

/// <summary>The audit log as people read it. Row-level security shows it to owners, admins and the platform only.</summary>
public static class AuditTrail
{
    /// <summary>The sort key of the only order.</summary>
    public static SortKey KeyOf(AuditSort sort) => sort switch
    {
        _ => SortKey.Time("at"),
    };

    /// <summary>A page of the entries that match, and how many match in all.</summary>
    public static Task<(List<AuditLogEntry> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, AuditFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<AuditLogEntry>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, AuditFilter filter, PageStart start)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (@ActorId::uuid is null or t.actor_id = @ActorId) and (@Action::text is null or t.action = @Action)
            and (@Entity::text is null or t.entity = @Entity) and (@EntityId::uuid is null or t.entity_id = @EntityId)
            and (@DateFrom::timestamptz is null or t.at >= @DateFrom) and (@DateTo::timestamptz is null or t.at < @DateTo)
            """;
        return new PageQuery("audit_log", Matches, start).ToStatement(
            """
            l.id, l.organization_id, l.at, l.action, l.entity, l.entity_id, l.actor_id, l.actor_role,
            coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as actor_name, l.changes, host(l.ip) as ip
            """,
            """
            join app.audit_log l on l.id = p.id
            left join app.user u on u.id = l.actor_id
            """,
            new
            {
                org = scope.OrganizationId,
                filter.OrganizationId,
                filter.ActorId,
                filter.Action,
                filter.Entity,
                filter.EntityId,
                filter.DateFrom,
                filter.DateTo,
            });
    }
}

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
