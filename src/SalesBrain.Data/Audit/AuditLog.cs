using System.Net;
using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Audit;

/// <summary>Who changed what. Written in the transaction of the change; never secrets, never changed afterwards.</summary>
public static class AuditLog
{
    /// <summary>
    /// Adds an entry. <see cref="AuditEntry.Changes"/> contains the changed fields before and after, or the summary of a bulk action.
    /// </summary>
    public static Task WriteAsync(DatabaseSession session, AuditEntry entry, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.audit_log (id, organization_id, actor_id, actor_role, action, entity, entity_id, changes, ip, at)
            values (@id, @OrganizationId, @ActorId, @ActorRole, @Action, @Entity, @EntityId, @changes::jsonb, @ip::inet, @At)
            """, new
        {
            id = Guid.CreateVersion7(entry.At),
            entry.OrganizationId,
            entry.ActorId,
            entry.ActorRole,
            entry.Action,
            entry.Entity,
            entry.EntityId,
            changes = JsonSerializer.Serialize(entry.Changes, JsonSerializerOptions.Web),
            ip = entry.Ip?.ToString(),
            entry.At,
        }, cancellationToken);
}

/// <summary>One entry. <paramref name="Action"/> is a dotted verb such as <c>webhook_endpoint.created</c>.</summary>
public sealed record AuditEntry(
    string Action, string Entity, Guid? EntityId, Guid? OrganizationId, Guid? ActorId, string? ActorRole, DateTimeOffset At, IPAddress? Ip, object Changes);
