using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>An organization with an owner, an agency, its clients, and somebody of each.</summary>
public sealed record CrmPlace
{
    public required Guid OrganizationId { get; init; }
    public required Guid AgencyId { get; init; }
    public required Guid ClientId { get; init; }

    /// <summary>Another client of the agency.</summary>
    public required Guid OtherClientId { get; init; }

    /// <summary>Somebody whom administrators of the agency manage, and somebody whom those of the client do; both are invited.</summary>
    public required TestUser Staff { get; init; }
    public required TestUser ClientUser { get; init; }

    public static async Task<CrmPlace> CreateAsync(TestApp app)
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateUserAsync("owner", organization);
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        return new CrmPlace
        {
            OrganizationId = organization,
            AgencyId = agency,
            ClientId = client,
            OtherClientId = await app.CreateClientAsync(organization, agency),
            Staff = await app.CreateUserAsync("agency_staff", organization, agency, status: "invited"),
            ClientUser = await app.CreateUserAsync("client_user", organization, clientId: client, status: "invited"),
        };
    }

    /// <summary>A user of the role here: of the agency or the client where the role has one.</summary>
    public Task<TestUser> CreateUserAsync(TestApp app, string role) => app.CreateUserAsync(
        role,
        role.StartsWith("sb_", StringComparison.Ordinal) ? null : OrganizationId,
        role.StartsWith("agency_", StringComparison.Ordinal) ? AgencyId : null,
        role.StartsWith("client_", StringComparison.Ordinal) ? ClientId : null);
}
