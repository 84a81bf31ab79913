namespace SalesBrain.Data.Identity;

/// <summary>A role and where it holds. For a client role, the agency is that of the client.</summary>
public sealed record RoleScope(Role Role, Guid? OrganizationId, Guid? AgencyId = null, Guid? ClientId = null);

/// <summary>Who may give which role to whom, and what a role needs to be held.</summary>
public static class RoleRules
{
    /// <summary>
    /// Whether the scope names what its role's level needs: nothing for platform roles, else an organization, for agency roles an agency
    /// too, for client roles a client. That they belong together only the database knows.
    /// </summary>
    public static bool IsComplete(RoleScope scope) => scope.Role.Level() switch
    {
        RoleLevel.Platform => scope is { OrganizationId: null, AgencyId: null, ClientId: null },
        RoleLevel.Organization => scope.OrganizationId is not null,
        RoleLevel.Agency => scope is { OrganizationId: not null, AgencyId: not null },
        _ => scope is { OrganizationId: not null, ClientId: not null },
    };

    /// <summary>
    /// Whether a user may give, change or take away that role there. Nobody reaches above their own level or outside their own scope; only an
    /// owner makes or changes an owner, or else an admin could make themselves one through a second account.
    /// </summary>
    public static bool MayGrant(RoleScope granter, RoleScope granted) =>
        IsComplete(granter) && IsComplete(granted) && granter.Role switch
        {
            Role.SbAdmin => true,
            Role.Owner => !granted.Role.IsPlatform() && granted.OrganizationId == granter.OrganizationId,
            Role.Admin => !granted.Role.IsPlatform() && granted.Role != Role.Owner && granted.OrganizationId == granter.OrganizationId,
            Role.AgencyAdmin => (granted.Role == Role.AgencyStaff || granted.Role.Level() == RoleLevel.Client)
                && granted.OrganizationId == granter.OrganizationId && granted.AgencyId == granter.AgencyId,
            Role.ClientAdmin => granted.Role.Level() == RoleLevel.Client
                && granted.OrganizationId == granter.OrganizationId && granted.ClientId == granter.ClientId,
            _ => false,
        };
}
