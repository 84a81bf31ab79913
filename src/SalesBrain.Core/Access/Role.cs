namespace SalesBrain.Core.Access;

/// <summary>The role of a user. Its properties are in <see cref="Roles"/>. Zero is not a role and has no permissions.</summary>
public enum Role
{
    SbAdmin = 1,
    SbOperator,
    Owner,
    Admin,
    Member,
    AgencyAdmin,
    AgencyStaff,
    ClientAdmin,
    ClientStaff,
    ClientUser,
    ReadOnly,
    Agent,
    AgentSupervisor,
}

/// <summary>How much of the product a role spans, widest first: all organizations, one organization, one agency, one client.</summary>
public enum RoleLevel
{
    Platform = 1,
    Organization,
    Agency,
    Client,
}
