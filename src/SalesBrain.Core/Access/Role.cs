namespace SalesBrain.Core.Access;

/// <summary>What a user is. Everything else about a role stands in <see cref="Roles"/>; zero is no role and may do nothing.</summary>
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
}

/// <summary>How much of the product a role spans, widest first: all organizations, one organization, one agency, one client.</summary>
public enum RoleLevel
{
    Platform = 1,
    Organization,
    Agency,
    Client,
}
