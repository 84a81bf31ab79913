using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about campaigns, leads and contacts, and reports about them.</summary>
internal static class CrmTrials
{
    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["FilterCampaigns"] = async (app, place) =>
        {
            var name = $"Campaign {Guid.NewGuid()}";
            var id = await app.CreateCampaignAsync(place.OrganizationId, name, agencyId: place.AgencyId, clientId: place.ClientId);
            return Trial.List($"/api/admin/campaigns/filter?search={Uri.EscapeDataString(name)}", id);
        },
        ["ListCampaigns"] = async (app, place) =>
            Trial.List(
                $"{CrmWorld.Campaigns}?client_id={place.ClientId}&organization_id={place.OrganizationId}", await CampaignAsync(app, place)),
        ["GetCampaign"] = async (app, place) => Trial.Get(CrmWorld.Campaigns, await CampaignAsync(app, place)),
        ["CreateCampaign"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Campaigns, NewCampaign(place))),
        ["CreateCampaignAlias"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{CrmWorld.Campaigns}/create", NewCampaign(place))),
        ["UpdateCampaign"] = async (app, place) =>
            Trial.About(HttpMethod.Put, CrmWorld.Campaigns, await CampaignAsync(app, place), body: new { name = "Renamed" }),
        ["DeleteCampaign"] = async (app, place) =>
        {
            var id = await CampaignAsync(app, place);
            await app.ExecuteAsync("update app.campaign set status = 'paused' where id = @id", new { id });
            return Trial.About(HttpMethod.Delete, CrmWorld.Campaigns, id);
        },

        ["GetCampaignAnalytics"] = async (app, place) =>
            Trial.About(HttpMethod.Get, CrmWorld.Campaigns, await CampaignAsync(app, place), "/analytics"),
        ["GetAnalyticsOverview"] = (_, place) =>
            Task.FromResult(Trial.Get($"/api/v1/analytics/overview?organization_id={place.OrganizationId}")),
        ["GetCampaignReport"] = async (app, place) => Trial.Get("/api/v1/analytics/campaigns", await CampaignAsync(app, place)),
        ["GetLeadAnalytics"] = (_, place) => Task.FromResult(Trial.Get($"/api/v1/analytics/leads?organization_id={place.OrganizationId}")),
        ["GetTeamAnalytics"] = (_, place) => Task.FromResult(Trial.Get($"/api/v1/analytics/team?organization_id={place.OrganizationId}")),

        ["ListLeads"] = async (app, place) =>
            Trial.List($"/api/v1/leads?client_id={place.ClientId}&organization_id={place.OrganizationId}", await LeadAsync(app, place)),
        ["GetLead"] = async (app, place) => Trial.Get("/api/v1/leads", await LeadAsync(app, place)),
        ["GetLeadScore"] = async (app, place) => Trial.About(HttpMethod.Get, "/api/v1/leads", await LeadAsync(app, place), "/score"),
        ["ExportLeads"] = async (app, place) =>
            Trial.List(
                $"/api/v1/leads/export?client_id={place.ClientId}&organization_id={place.OrganizationId}", await LeadAsync(app, place)),
        ["CreateLead"] = (_, place) => Task.FromResult(CreateLead("/api/v1/leads", place)),
        ["CreateLeadAlias"] = (_, place) => Task.FromResult(CreateLead("/api/v1/leads/create", place)),
        // A lead of somebody else: members and agency staff change only their own.
        ["UpdateLead"] = async (app, place) =>
            Trial.About(HttpMethod.Put, "/api/v1/leads", await LeadAsync(app, place), body: new { priority = "high" }),
        ["DeleteLead"] = async (app, place) => Trial.About(HttpMethod.Delete, "/api/v1/leads", await LeadAsync(app, place)),
        ["QualifyLead"] = async (app, place) =>
            Trial.About(HttpMethod.Post, "/api/v1/leads", await LeadAsync(app, place), "/qualify", new { score = 4 }),
        // To somebody of the agency, whom people of a client do not see.
        ["AssignLead"] = async (app, place) => Trial.About(
            HttpMethod.Post, "/api/v1/leads", await LeadAsync(app, place), "/assign", new { user_id = await ActiveStaffAsync(app, place) }),
        ["BulkUpdateLeads"] = async (app, place) => Bulk(
            HttpMethod.Post, "bulk-update", new { lead_ids = new[] { await LeadAsync(app, place) }, changes = new { priority = "high" } }),
        ["BulkAssignLeads"] = async (app, place) => Bulk(
            HttpMethod.Post, "bulk-assign",
            new { lead_ids = new[] { await LeadAsync(app, place) }, user_id = await ActiveStaffAsync(app, place) }),
        ["BulkDeleteLeads"] = async (app, place) =>
            Bulk(HttpMethod.Delete, "bulk", new { lead_ids = new[] { await LeadAsync(app, place) } }),

        ["ListContacts"] = async (app, place) =>
            Trial.List($"{ContactWorld.Path}?organization_id={place.OrganizationId}&page_size=200", await PersonAsync(app, place)),
        ["GetContact"] = async (app, place) => Trial.Get(ContactWorld.Path, await PersonAsync(app, place)),
        ["CreateContact"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, ContactWorld.Path, new
        {
            email = $"{Guid.NewGuid()}@prospect.example",
            organization_id = place.OrganizationId,
        })),
        ["UpdateContact"] = async (app, place) =>
            Trial.About(HttpMethod.Put, ContactWorld.Path, await PersonAsync(app, place), body: new { city = $"{Guid.NewGuid()}" }),
        ["MergeContacts"] = async (app, place) =>
            Trial.About(
                HttpMethod.Post, ContactWorld.Path, await PersonAsync(app, place), "/merge", new { into = await PersonAsync(app, place) }),
        ["ExportContact"] = async (app, place) => Trial.About(HttpMethod.Get, ContactWorld.Path, await PersonAsync(app, place), "/export"),
        ["EraseContact"] = async (app, place) => Trial.About(HttpMethod.Delete, ContactWorld.Path, await PersonAsync(app, place)),
        ["ListContactDuplicates"] = async (app, place) =>
        {
            var phone = Random.Shared.Next(1_000_000, 9_999_999).ToString();
            await app.CreatePersonAsync(place.OrganizationId, lastName: "Twin", phone: phone);
            return Trial.List(
                $"{ContactWorld.Path}/duplicates?organization_id={place.OrganizationId}&page_size=200",
                await app.CreatePersonAsync(place.OrganizationId, lastName: "Twin", phone: phone));
        },
    };

    internal static Task<Guid> CampaignAsync(TestApp app, Place place) =>
        app.CreateCampaignAsync(place.OrganizationId, $"Campaign {Guid.NewGuid()}", agencyId: place.AgencyId, clientId: place.ClientId);

    private static object NewCampaign(Place place) =>
        new { name = "Made by a role", organization_id = place.OrganizationId, agency_id = place.AgencyId, client_id = place.ClientId };

    private static Task<Guid> LeadAsync(TestApp app, Place place) =>
        app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);

    private static Trial CreateLead(string path, Place place) =>
        new(HttpMethod.Post, path, new { email = $"{Guid.NewGuid()}@prospect.example", client_id = place.ClientId });

    private static Trial Bulk(HttpMethod method, string path, object body) => new(method, $"/api/v1/leads/{path}", body)
    {
        Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
    };

    private static async Task<Guid> ActiveStaffAsync(TestApp app, Place place) =>
        (await app.CreateUserAsync("agency_staff", place.OrganizationId, place.AgencyId)).Id;

    /// <summary>A contact with a lead in the place.</summary>
    private static async Task<Guid> PersonAsync(TestApp app, Place place) =>
        await app.ContactOfAsync(await LeadAsync(app, place));
}
