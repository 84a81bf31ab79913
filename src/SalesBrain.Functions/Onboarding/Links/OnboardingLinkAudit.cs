using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>What the audit log keeps of onboarding links, never a token. The dashboard's recent activity shows these entries.</summary>
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
