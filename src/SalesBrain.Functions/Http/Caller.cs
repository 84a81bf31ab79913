using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>Who is signed in, as the access token says and <see cref="SessionGuard"/> has found to hold.</summary>
public sealed record Caller(Guid UserId, Role Role, Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, Guid SessionId)
{
    /// <summary>The context of the caller's tenant sessions; only for callers inside an organization.</summary>
    public TenantContext TenantContext => new(
        OrganizationId ?? throw new InvalidOperationException("A platform operator has no organization."),
        UserId, Role.Name(), AgencyId, ClientId);

    /// <summary>The caller's role and where it holds.</summary>
    public RoleScope Scope => new(Role, OrganizationId, AgencyId, ClientId);

    /// <summary>
    /// Whose something new is: the caller's own organization, which may be named but no other; a platform operator has to name one.
    /// What is wrong goes to <paramref name="errors"/>, under <c>organization_id</c>.
    /// </summary>
    public Guid OrganizationFor(Guid? named, InputErrors errors)
    {
        if (OrganizationId is { } own)
        {
            if (named is not null && named != own)
            {
                errors.Add("organization_id", "must be the id of your own organization");
            }
            return own;
        }
        if (named is null)
        {
            errors.Add("organization_id", "is required, because you do not belong to an organization");
        }
        return named.GetValueOrDefault();
    }
}
