using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>The signed-in caller, from the access token, confirmed by <see cref="SessionGuard"/>.</summary>
public sealed record Caller(Guid UserId, Role Role, Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, Guid SessionId)
{
    /// <summary>The context of the caller's tenant sessions; only for callers inside an organization.</summary>
    public TenantContext TenantContext => new(
        OrganizationId ?? throw new InvalidOperationException("A platform operator has no organization."),
        UserId, Role.Name(), AgencyId, ClientId);

    /// <summary>The caller's role and its scope.</summary>
    public RoleScope Scope => new(Role, OrganizationId, AgencyId, ClientId);

    /// <summary>
    /// The organization that a request is about: the caller's own, which may be named but no other; a platform operator has to name one.
    /// What is wrong goes to <paramref name="errors"/>, under <c>organization_id</c>.
    /// </summary>
    public Guid OrganizationFor(Guid? named, InputErrors errors)
    {
        CheckOrganization(named, errors);
        if (OrganizationId is null && named is null)
        {
            errors.Add("organization_id", "is required, because you do not belong to an organization");
        }
        return OrganizationId ?? named.GetValueOrDefault();
    }

    /// <summary>
    /// Checks an organization that need not be named: a caller inside an organization may name no other. What is wrong goes to
    /// <paramref name="errors"/>, under <c>organization_id</c>.
    /// </summary>
    public void CheckOrganization(Guid? named, InputErrors errors)
    {
        if (OrganizationId is { } own && named is not null && named != own)
        {
            errors.Add("organization_id", "must be the id of your own organization");
        }
    }
}
