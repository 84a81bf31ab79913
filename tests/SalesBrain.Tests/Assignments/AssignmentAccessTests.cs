using System.Net;
using System.Text;
using SalesBrain.Data.Identity;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

public sealed class AssignmentAccessTests(TestApp app) : IClassFixture<TestApp>
{
    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Managing_is_for_owners_admins_and_the_platform(Role role)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync(role.Name(), role.IsPlatform() ? null : organization));
        var scene = await CreateAsync(organization);
        string[] managers = ["sb_admin", "sb_operator", "owner", "admin"];

        foreach (var call in Calls(scene))
        {
            using var response = await SendAsync(client, call);
            if (managers.Contains(role.Name()))
            {
                Assert.True(response.IsSuccessStatusCode, $"{call.Method} {call.Path} {await response.Content.ReadAsStringAsync()}");
            }
            else
            {
                await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            }
        }
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    public async Task Another_organizations_user_is_told_like_one_that_never_was(string role)
    {
        using var client = app.As(await app.CreateUserAsync(role));
        var theirs = await CreateAsync(await app.CreateOrganizationAsync());
        var nobody = new Scene(theirs.Organization, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var before = await StateAsync(theirs);

        foreach (var (call, random) in Calls(theirs).Zip(Calls(nobody)).Where(pair => pair.First.Path.Contains("/users/", StringComparison.Ordinal)))
        {
            using var response = await SendAsync(client, call);
            using var expected = await SendAsync(client, random);
            Assert.Equal(
                (await expected.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(), (await response.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
        }
        Assert.Equal(before, await StateAsync(theirs));
    }

    [Fact]
    public async Task A_platform_operator_is_nobody_to_assign_to()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var operators = await app.CreateUserAsync("sb_operator");

        using var response = await client.PostAsync($"/api/admin/users/{operators.Id}/assign-contacts", new { contact_ids = new[] { Guid.NewGuid() } });

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token()
    {
        foreach (var call in Calls(await CreateAsync(await app.CreateOrganizationAsync())))
        {
            using var response = await SendAsync(app.Http, call);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    private async Task<Scene> CreateAsync(Guid organization)
    {
        var user = await app.CreateUserAsync("member", organization);
        var contacts = await app.CreateContactsAsync(organization, 2);
        var campaigns = new[] { await app.CreateCampaignAsync(organization, "One"), await app.CreateCampaignAsync(organization, "Two") };
        var scene = new Scene(organization, user.Id, contacts[0], contacts[1], campaigns[0], campaigns[1]);
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@Organization, @User, @OwnedContact);
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) values (@Organization, @User, @OwnedCampaign)
            """, scene);
        return scene;
    }

    private static IEnumerable<Call> Calls(Scene scene) =>
    [
        new("GET", $"/api/admin/users?organization_id={scene.Organization}", null),
        new("GET", $"/api/admin/users/{scene.User}/assignments", null),
        new("GET", $"/api/admin/contacts/{scene.OwnedContact}/assignments", null),
        new("POST", $"/api/admin/users/{scene.User}/assign-campaigns", $$"""{"campaign_ids": ["{{scene.FreeCampaign}}"]}"""),
        new("POST", $"/api/admin/users/{scene.User}/assign-contacts", $$"""{"contact_ids": ["{{scene.FreeContact}}"]}"""),
        new("DELETE", $"/api/admin/users/{scene.User}/campaigns/{scene.OwnedCampaign}", null),
        new("DELETE", $"/api/admin/users/{scene.User}/contacts/{scene.OwnedContact}", null),
        new("POST", "/api/admin/contacts/auto-assign", $$"""{"contact_ids": ["{{scene.OwnedContact}}"], "organization_id": "{{scene.Organization}}"}"""),
        new("GET", $"/api/admin/assignment-rules?organization_id={scene.Organization}", null),
        new("PUT", "/api/admin/assignment-rules", $$"""{"assign_new_contacts": true, "organization_id": "{{scene.Organization}}"}"""),
    ];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Call call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(call.Method), call.Path);
        if (call.Body is not null)
        {
            request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        }
        return await client.SendAsync(request);
    }

    private Task<string> StateAsync(Scene scene) => app.QuerySingleAsync<string>("""
        select (select string_agg(a::text, ',' order by id) from app.user_contact_assignment a where organization_id = @Organization)
            || (select string_agg(a::text, ',' order by id) from app.user_campaign_assignment a where organization_id = @Organization)
        """, scene);

    private sealed record Call(string Method, string Path, string? Body);

    private sealed record Scene(Guid Organization, Guid User, Guid OwnedContact, Guid FreeContact, Guid OwnedCampaign, Guid FreeCampaign);
}
