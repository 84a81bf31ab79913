namespace SalesBrain.Data.Sessions;

/// <summary>
/// Who acts in which organization: what row-level security decides by. Role is the canonical name; agency and client are set
/// for the roles that have one.
/// </summary>
public sealed record TenantContext(Guid OrganizationId, Guid UserId, string Role, Guid? AgencyId = null, Guid? ClientId = null);
