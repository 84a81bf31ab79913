using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>The audit log entries of onboarding links, without tokens. The dashboard's recent activity shows them.</summary>
internal static class OnboardingLinkAudit
{
    internal static Task WriteAsync(
        DatabaseSession session, Call call, string action, OnboardingLinkRow link, DateTimeOffset now, object changes) =>
        AuditLog.WriteAsync(
            session,
            new AuditEntry(
                action, "onboarding_link", link.Id, link.OrganizationId, call.Caller.UserId, call.Caller.Role.Name(), now, call.RemoteAddress, changes),
            call.CancellationToken);
}
