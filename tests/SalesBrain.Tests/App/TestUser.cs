namespace SalesBrain.Tests.App;

/// <summary>A user that a test made.</summary>
public sealed record TestUser(Guid Id, string Email, string Role, Guid? OrganizationId, Guid? AgencyId = null, Guid? ClientId = null);
