namespace SalesBrain.Core.Access;

/// <summary>A role and its scope.</summary>
public sealed record RoleScope(Role Role, Guid? OrganizationId, Guid? AgencyId = null, Guid? ClientId = null);

/// <summary>Rules for granting roles and for their scopes.</summary>
public static class RoleRules
{
    /// <summary>
    /// Whether the scope has exactly the ids that the role's level requires: none for platform roles, otherwise an organization, for agency
    /// roles also an agency, for client roles also a client. Extra ids are wrong too: row-level security would show the session all rows of
    /// that agency.
    /// </summary>
    public static bool IsValid(RoleScope scope) => scope.Role.Level() switch
    {
        RoleLevel.Platform => scope is { OrganizationId: null, AgencyId: null, ClientId: null },
        RoleLevel.Organization => scope is { OrganizationId: not null, AgencyId: null, ClientId: null },
        RoleLevel.Agency => scope is { OrganizationId: not null, AgencyId: not null, ClientId: null },
        _ => scope is { OrganizationId: not null, AgencyId: null, ClientId: not null },
    };

    /// <summary>
    /// Whether the user can grant the role anywhere. Separate from <see cref="MayGrant"/>, so that a caller who can never grant the role
    /// gets 403, and other callers get the validation errors of the scope.
    /// </summary>
    public static bool MayEverGrant(RoleScope granter, Role role) => MayGrant(granter, role.Level() switch
    {
        RoleLevel.Platform => new(role, null),
        RoleLevel.Organization => new(role, granter.OrganizationId ?? Guid.Empty),
        RoleLevel.Agency => new(role, granter.OrganizationId ?? Guid.Empty, AgencyId: granter.AgencyId ?? Guid.Empty),
        _ => new(role, granter.OrganizationId ?? Guid.Empty, ClientId: granter.ClientId ?? Guid.Empty),
    });

    /// <summary>
    /// Whether a user can grant, change or revoke that role in that scope. No user can act above their own level or outside their own
    /// scope. Only an owner can create or change an owner; otherwise an admin could become owner through a second account.
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
