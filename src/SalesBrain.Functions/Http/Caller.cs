using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>Who is signed in, as the access token says and <see cref="SessionGuard"/> has found to hold.</summary>
public sealed record Caller(Guid UserId, Role Role, Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, Guid SessionId)
{
    /// <summary>The context of the caller's tenant sessions; only for callers inside an organization.</summary>
    public TenantContext TenantContext => new(
        OrganizationId ?? throw new InvalidOperationException("A platform operator has no organization."),
        UserId, Role.Name(), AgencyId, ClientId);
}
