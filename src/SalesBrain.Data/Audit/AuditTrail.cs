using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Audit;

/// <summary>The audit log as people read it. Row-level security shows it to owners, admins and the platform only.</summary>
public static class AuditTrail
{
    /// <summary>The sort key of the list, which has only one order.</summary>
    public static SortKey KeyOf(AuditSort sort) => sort switch
    {
        _ => SortKey.Time("at"),
    };

    /// <summary>A page of the entries that match, and how many match in all.</summary>
    public static Task<(List<AuditLogEntry> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, AuditFilter filter, PageStart start, CancellationToken cancellationToken)
    {
        const string Matches = """
            (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (@ActorId::uuid is null or t.actor_id = @ActorId) and (@Action::text is null or t.action = @Action)
            and (@Entity::text is null or t.entity = @Entity) and (@EntityId::uuid is null or t.entity_id = @EntityId)
            and (@DateFrom::timestamptz is null or t.at >= @DateFrom) and (@DateTo::timestamptz is null or t.at < @DateTo)
            """;
        var scope = SessionScope.Of(session);
        var page = new PageQuery(new("audit_log"), Matches, start, null, scope);
        return page.ReadAsync<AuditLogEntry>(
            session,
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
            },
            cancellationToken);
    }
}

/// <summary>Sort keys of the audit log.</summary>
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
