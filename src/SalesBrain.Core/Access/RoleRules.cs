namespace SalesBrain.Core.Access;

/// <summary>A role and where it holds.</summary>
public sealed record RoleScope(Role Role, Guid? OrganizationId, Guid? AgencyId = null, Guid? ClientId = null);

/// <summary>Who may give which role to whom, and where a role can hold.</summary>
public static class RoleRules
{
    /// <summary>
    /// Whether the scope names exactly what its role's level needs: nothing for platform roles, else an organization, for agency roles also an
    /// agency, for client roles also a client. More is as wrong as less: row-level security shows a session that names an agency all of it.
    /// </summary>
    public static bool IsValid(RoleScope scope) => scope.Role.Level() switch
    {
        RoleLevel.Platform => scope is { OrganizationId: null, AgencyId: null, ClientId: null },
        RoleLevel.Organization => scope is { OrganizationId: not null, AgencyId: null, ClientId: null },
        RoleLevel.Agency => scope is { OrganizationId: not null, AgencyId: not null, ClientId: null },
        _ => scope is { OrganizationId: not null, AgencyId: null, ClientId: not null },
    };

    /// <summary>
    /// Whether there is any place where the user may give that role: told apart from <see cref="MayGrant"/>, so that who may never give a role
    /// is refused, and who may is told what its place lacks.
    /// </summary>
    public static bool MayEverGrant(RoleScope granter, Role role) => MayGrant(granter, role.Level() switch
    {
        RoleLevel.Platform => new(role, null),
        RoleLevel.Organization => new(role, granter.OrganizationId ?? Guid.Empty),
        RoleLevel.Agency => new(role, granter.OrganizationId ?? Guid.Empty, AgencyId: granter.AgencyId ?? Guid.Empty),
        _ => new(role, granter.OrganizationId ?? Guid.Empty, ClientId: granter.ClientId ?? Guid.Empty),
    });

    /// <summary>
    /// Whether a user may give, change or take away that role there. Nobody reaches above their own level or outside their own scope; only an
    /// owner makes or changes an owner, or else an admin could make themselves one through a second account.
    /// </summary>
    public static bool MayGrant(RoleScope granter, RoleScope granted) =>
        IsValid(granter) && IsValid(granted) && granter.Role switch
        {
            Role.SbAdmin => true,
            Role.Owner => granted.OrganizationId == granter.OrganizationId,
            Role.Admin => granted.OrganizationId == granter.OrganizationId && granted.Role != Role.Owner,
            Role.AgencyAdmin => granted.OrganizationId == granter.OrganizationId && granted.AgencyId == granter.AgencyId
                && granted.Role == Role.AgencyStaff,
            Role.ClientAdmin => granted.OrganizationId == granter.OrganizationId && granted.ClientId == granter.ClientId,
            _ => false,
        };
}
