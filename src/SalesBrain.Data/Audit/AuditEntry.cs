using System.Net;

namespace SalesBrain.Data.Audit;

/// <summary>
/// An entry to be written. <paramref name="Action"/> is a dotted verb such as <c>webhook_endpoint.created</c>; <paramref name="Changes"/>
/// holds before and after of the changed members, or the counts of bulk work.
/// </summary>
public sealed record AuditEntry(
    string Action, string Entity, Guid? EntityId, Guid? OrganizationId, Guid? ActorId, string? ActorRole, DateTimeOffset At, IPAddress? Ip,
    object Changes);
