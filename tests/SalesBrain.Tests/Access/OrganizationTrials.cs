using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about organizations, tenants, agencies, clients and users.</summary>
internal static class OrganizationTrials
{
    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["ListOrganizations"] = (_, place) => Task.FromResult(Trial.List($"{CrmWorld.Organizations}?page_size=200", place.OrganizationId)),
        ["CreateOrganization"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Organizations, new { name = $"Made {Guid.NewGuid()}" })),
        ["GetOrganization"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Organizations, place.OrganizationId)),
        ["UpdateOrganization"] = (_, place) =>
            Task.FromResult(
                Trial.About(HttpMethod.Put, CrmWorld.Organizations, place.OrganizationId, body: new { timezone = "Europe/Vienna" })),
        // Only one in which nothing is goes, so it is nobody's place.
        ["DeleteOrganization"] = async (app, _) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Organizations, await app.CreateOrganizationAsync()),

        ["GetTenant"] = async (app, place) => Trial.Get(TenantWorld.Tenants, await app.TenantOfAsync(place.OrganizationId)),
        ["UpdateTenantGenesys"] = async (app, place) => Trial.About(
            HttpMethod.Put, TenantWorld.Tenants, await app.TenantOfAsync(place.OrganizationId), "/genesys",
            new { genesys_org_id = Guid.NewGuid().ToString(), genesys_region = "eu-central-1" }),
        ["ImportTenantMapping"] = async (app, _) => new Trial(HttpMethod.Post, $"{TenantWorld.Tenants}/import-mapping", new
        {
            csv = $"tenant_key,genesys_org_id\n{await app.TenantKeyOfAsync(await app.CreateOrganizationAsync())},{Guid.NewGuid()}\n",
        }),

        ["ListAgencies"] = (_, place) =>
            Task.FromResult(Trial.List($"{CrmWorld.Agencies}?organization_id={place.OrganizationId}&page_size=200", place.AgencyId)),
        ["CreateAgency"] = (_, place) =>
            Task.FromResult(
                new Trial(HttpMethod.Post, CrmWorld.Agencies, new { name = "Made by a role", organization_id = place.OrganizationId })),
        ["GetAgency"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Agencies, place.AgencyId)),
        ["UpdateAgency"] = (_, place) =>
            Task.FromResult(Trial.About(HttpMethod.Put, CrmWorld.Agencies, place.AgencyId, body: new { city = $"{Guid.NewGuid()}" })),
        ["DeleteAgency"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Agencies, await app.CreateAgencyAsync(place.OrganizationId)),

        ["ListClients"] = (_, place) =>
            Task.FromResult(Trial.List($"{CrmWorld.Clients}?agency_id={place.AgencyId}&sort_order=asc", place.ClientId)),
        ["CreateClient"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Clients, new { name = "Made by a role", agency_id = place.AgencyId })),
        ["GetClient"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Clients, place.ClientId)),
        ["UpdateClient"] = async (app, place) =>
            Trial.About(
                HttpMethod.Put, CrmWorld.Clients, await app.CreateClientAsync(place.OrganizationId, place.AgencyId),
                body: new { name = "Renamed" }),
        ["DeleteClient"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Clients, await app.CreateClientAsync(place.OrganizationId, place.AgencyId)),

        ["ListUsers"] = async (app, place) => Trial.List($"{CrmWorld.Users}?agency_id={place.AgencyId}", await StaffAsync(app, place)),
        ["CreateUser"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Users, new
        {
            email = $"{Guid.NewGuid()}@test.example",
            role = "agency_staff",
            organization_id = place.OrganizationId,
            agency_id = place.AgencyId,
        })),
        ["GetUser"] = async (app, place) => Trial.Get(CrmWorld.Users, await StaffAsync(app, place)),
        ["UpdateUser"] = async (app, place) =>
            Trial.About(HttpMethod.Put, CrmWorld.Users, await StaffAsync(app, place), body: new { last_name = "Renamed" }),
        ["DeleteUser"] = async (app, place) => Trial.About(HttpMethod.Delete, CrmWorld.Users, await StaffAsync(app, place)),
        ["SendUserInvitation"] = async (app, place) =>
            Trial.About(HttpMethod.Post, CrmWorld.Users, await StaffAsync(app, place), "/invitation"),
    };

    /// <summary>Somebody of the place's agency, invited.</summary>
    private static async Task<Guid> StaffAsync(TestApp app, Place place) =>
        (await app.CreateUserAsync("agency_staff", place.OrganizationId, place.AgencyId, status: "invited")).Id;
}
