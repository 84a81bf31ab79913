using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>What the role table does not say: that a refused call changes nothing, and whom nothing can be assigned to.</summary>
public sealed class AssignmentAccessTests(TestApp app)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    public async Task A_refused_call_changes_nothing_of_another_organization(string role)
    {
        using var client = app.As(await app.CreateUserAsync(role));
        var organization = await app.CreateOrganizationAsync();
        var contact = await app.CreateContactAsync(organization, "theirs@test.example");
        var campaign = await app.CreateCampaignAsync(organization);
        var (contactUser, campaignUser) = (await app.AssignAsync(organization, "contact", contact), await app.AssignAsync(organization, "campaign", campaign));
        var before = await StateAsync(organization);

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Post, $"users/{campaignUser}/assign-contacts", new { contact_ids = new[] { contact }, transfer = true }),
            (HttpMethod.Post, $"users/{contactUser}/assign-campaigns", new { campaign_ids = new[] { campaign } }),
            (HttpMethod.Delete, $"users/{contactUser}/contacts/{contact}", null),
            (HttpMethod.Delete, $"users/{campaignUser}/campaigns/{campaign}", null),
            (HttpMethod.Post, "contacts/auto-assign", new { contact_ids = new[] { contact }, organization_id = organization }),
            (HttpMethod.Put, "assignment-rules", new { assign_new_contacts = true, organization_id = organization }),
        })
        {
            using var request = new HttpRequestMessage(method, "/api/admin/" + path)
            {
                Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body),
            };
            using var response = await client.SendAsync(request);
            Assert.Contains(
                response.StatusCode,
                (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity]);
        }

        Assert.Equal(before, await StateAsync(organization));
    }

    [Fact]
    public async Task Platform_operator_cannot_receive_assignments()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var platform = await app.CreateUserAsync("sb_operator");

        using var response = await client.PostAsync(
            $"/api/admin/users/{platform.Id}/assign-contacts", new { contact_ids = new[] { Guid.NewGuid() } });

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private Task<string> StateAsync(Guid organization) => app.QuerySingleAsync<string>("""
        select concat_ws(' ',
            (select string_agg(a::text, ',' order by id) from app.user_contact_assignment a where organization_id = @organization),
            (select string_agg(a::text, ',' order by id) from app.user_campaign_assignment a where organization_id = @organization),
            (select string_agg(s::text, ',') from app.assignment_ruleset s where organization_id = @organization))
        """, new { organization });
}
