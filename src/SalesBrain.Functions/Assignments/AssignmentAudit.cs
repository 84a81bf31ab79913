using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Assignments;

/// <summary>The audit log entries of manual assignments and of rule changes.</summary>
internal static class AssignmentAudit
{
    /// <summary>Most ids that an entry names; the count is always there.</summary>
    internal const int MostIds = 500;

    internal static Task WriteAsync(
        DatabaseSession session, Call call, string action, string entity, Guid? entityId, Guid organizationId, DateTimeOffset now, object changes) =>
        AuditLog.WriteAsync(
            session,
            new AuditEntry(action, entity, entityId, organizationId, call.Caller.UserId, call.Caller.Role.Name(), now, call.RemoteAddress, changes),
            call.CancellationToken);
}
