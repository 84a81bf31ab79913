using System.Text.Json;
using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Audit;

/// <summary>
/// Who changed what. An entry is written in the transaction of the change and never changes afterwards; it never holds a secret. Row-level
/// security shows entries to owners, admins and the platform only.
/// </summary>
public static class AuditLog
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { MaxDepth = FreeJson.StoredDepth };

    /// <summary>Adds an entry in the same round trip as the change; see <see cref="With"/>.</summary>
    internal const string Insert = """
        insert into app.audit_log (id, organization_id, actor_id, actor_role, action, entity, entity_id, changes, ip, at)
        values (@auditId, @auditOrganizationId, @auditActorId, @auditActorRole, @auditAction, @auditEntity, @auditEntityId, @auditChanges::jsonb,
            @auditIp::inet, @auditAt)
        """;

    /// <summary>
    /// Adds entries of the same caller, action and kind of thing in the same round trip as the changes; see
    /// <see cref="ParametersOf(IReadOnlyCollection{AuditEntry})"/>.
    /// </summary>
    internal const string InsertMany = """
        insert into app.audit_log (id, organization_id, actor_id, actor_role, action, entity, entity_id, changes, ip, at)
        select e.id, e.organization_id, @auditActorId, @auditActorRole, @auditAction, @auditEntity, e.entity_id, e.changes::jsonb, @auditIp::inet, @auditAt
        from unnest(@auditIds::uuid[], @auditOrganizationIds::uuid[], @auditEntityIds::uuid[], @auditChanges::text[])
            as e (id, organization_id, entity_id, changes)
        """;

    /// <summary>What the list compares; it has one order.</summary>
    public static SortKey KeyOf(AuditSort sort) => sort switch
    {
        _ => SortKey.Time("at"),
    };

    /// <summary>Adds one entry.</summary>
    public static Task WriteAsync(DatabaseSession session, AuditEntry entry, CancellationToken cancellationToken) =>
        session.ExecuteAsync(Insert, ParametersOf(entry), cancellationToken);

    /// <summary>Adds entries of the same caller, action and kind of thing.</summary>
    public static Task WriteAllAsync(
        DatabaseSession session, IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken) =>
        session.ExecuteAsync(InsertMany, ParametersOf(entries), cancellationToken);

    /// <summary>The parameters of a change that sends <see cref="Insert"/> along.</summary>
    internal static DynamicParameters With(object change, AuditEntry entry)
    {
        var parameters = new DynamicParameters(change);
        parameters.AddDynamicParams(ParametersOf(entry));
        return parameters;
    }

    /// <summary>The parameters of <see cref="InsertMany"/>, for one entry or more.</summary>
    internal static object ParametersOf(IReadOnlyCollection<AuditEntry> entries)
    {
        var first = entries.First();
        return new
        {
            auditIds = entries.Select(entry => Guid.CreateVersion7(entry.At)).ToArray(),
            auditOrganizationIds = entries.Select(entry => entry.OrganizationId).ToArray(),
            auditEntityIds = entries.Select(entry => entry.EntityId).ToArray(),
            auditChanges = entries.Select(entry => JsonSerializer.Serialize(entry.Changes, Json)).ToArray(),
            auditActorId = first.ActorId,
            auditActorRole = first.ActorRole,
            auditAction = first.Action,
            auditEntity = first.Entity,
            auditIp = first.Ip?.ToString(),
            auditAt = first.At,
        };
    }

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

    private static object ParametersOf(AuditEntry entry) => new
    {
        auditId = Guid.CreateVersion7(entry.At),
        auditOrganizationId = entry.OrganizationId,
        auditActorId = entry.ActorId,
        auditActorRole = entry.ActorRole,
        auditAction = entry.Action,
        auditEntity = entry.Entity,
        auditEntityId = entry.EntityId,
        auditChanges = JsonSerializer.Serialize(entry.Changes, Json),
        auditIp = entry.Ip?.ToString(),
        auditAt = entry.At,
    };
}
