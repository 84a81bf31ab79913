using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about the campaigns and contacts of users.</summary>
internal static class AssignmentTrials
{
    private const string Users = "/api/admin/users";

    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["ListAssignees"] = async (app, place) =>
            Trial.List($"{Users}?organization_id={place.OrganizationId}&search=member&limit=500", await UserAsync(app, place)),
        // Somebody else's: everybody reads their own.
        ["ListUserAssignments"] = async (app, place) => Trial.About(HttpMethod.Get, Users, await UserAsync(app, place), "/assignments"),
        ["ListContactAssignments"] = async (app, place) =>
            Trial.About(HttpMethod.Get, "/api/admin/contacts", await ContactAsync(app, place), "/assignments"),
        ["AssignCampaigns"] = async (app, place) => Trial.About(
            HttpMethod.Post, Users, await UserAsync(app, place), "/assign-campaigns",
            new { campaign_ids = new[] { await app.CreateCampaignAsync(place.OrganizationId) } }),
        ["AssignContacts"] = async (app, place) => Trial.About(
            HttpMethod.Post, Users, await UserAsync(app, place), "/assign-contacts",
            new { contact_ids = new[] { await ContactAsync(app, place) } }),
        ["EndCampaignAssignment"] = async (app, place) =>
        {
            var campaignId = await app.CreateCampaignAsync(place.OrganizationId);
            return Trial.About(
                HttpMethod.Delete, $"{Users}/{await app.AssignAsync(place.OrganizationId, "campaign", campaignId)}/campaigns", campaignId);
        },
        ["EndContactAssignment"] = async (app, place) =>
        {
            var contactId = await ContactAsync(app, place);
            return Trial.About(
                HttpMethod.Delete, $"{Users}/{await app.AssignAsync(place.OrganizationId, "contact", contactId)}/contacts", contactId);
        },

        ["AutoAssignContacts"] = async (app, place) =>
        {
            await UserAsync(app, place);
            return new Trial(HttpMethod.Post, AssignmentWorld.AutoAssign, new { organization_id = place.OrganizationId, contact_ids = new[] { await ContactAsync(app, place) } })
            {
                Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
            };
        },
        ["GetAssignmentRules"] = (_, place) =>
            Task.FromResult(Trial.Get($"{AssignmentWorld.Rules}?organization_id={place.OrganizationId}")),
        ["ReplaceAssignmentRules"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Put, AssignmentWorld.Rules, new
        {
            organization_id = place.OrganizationId,
            assign_new_contacts = false,
        })),
    };

    private static async Task<Guid> UserAsync(TestApp app, Place place) => (await app.CreateUserAsync("member", place.OrganizationId)).Id;

    private static async Task<Guid> ContactAsync(TestApp app, Place place) =>
        Assert.Single(await app.CreateContactsAsync(place.OrganizationId, 1));
}
