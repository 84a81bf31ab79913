using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>EndCampaignAssignment and EndContactAssignment, which differ by what they take away alone.</summary>
public sealed class EndAssignmentTests(TestApp app)
{
    [Theory]
    [InlineData("campaign")]
    [InlineData("contact")]
    public async Task It_is_inactive_and_once_more_is_not_found(string kind)
    {
        var (owner, user, path) = await CreateAsync(kind);
        using var client = app.As(owner);

        using (var response = await client.DeleteAsync(path))
        {
            Assert.Equal("inactive", (await response.DataAsync()).GetProperty("status").GetString());
        }
        Assert.Equal("inactive", await StatusAsync(kind, user));
        Assert.Equal(
            "assignment.ended",
            await app.QuerySingleAsync<string>("select action from app.audit_log where entity_id = @Id", new { user.Id }));

        using var again = await client.DeleteAsync(path);
        var problem = await again.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("Assignment not found or already inactive", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("campaign")]
    [InlineData("contact")]
    public async Task Assignment_of_another_organization_returns_the_same_404_as_an_unknown_id(string kind)
    {
        var (_, user, path) = await CreateAsync(kind);
        using var stranger = app.As(await app.CreateUserAsync("owner"));

        using var theirs = await stranger.DeleteAsync(path);
        using var random = await stranger.DeleteAsync($"/api/admin/users/{Guid.NewGuid()}/{kind}s/{Guid.NewGuid()}");

        Assert.Equal(
            (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
            (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
        Assert.Equal("active", await StatusAsync(kind, user));
    }

    [Theory]
    [InlineData("campaign")]
    [InlineData("contact")]
    public async Task Many_at_once_end_it_once(string kind)
    {
        var (owner, user, path) = await CreateAsync(kind);
        using var client = app.As(owner);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await client.DeleteAsync(path);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.NotFound));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Contact_can_be_assigned_again_after_its_assignment_ended()
    {
        var (owner, user, path) = await CreateAsync("contact");
        var next = await app.CreateUserAsync("member", user.OrganizationId);
        using var client = app.As(owner);
        using var ended = await client.DeleteAsync(path);

        using var response = await client.PostAsync(
            $"/api/admin/users/{next.Id}/assign-contacts", new { contact_ids = new[] { path[^36..] } });

        Assert.Equal(1, (await response.JsonAsync()).GetProperty("success_count").GetInt32());
    }

    private async Task<(TestUser Owner, TestUser User, string Path)> CreateAsync(string kind)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var id = kind == "contact"
            ? await app.CreateContactAsync(organization, "somebody@test.example")
            : await app.CreateCampaignAsync(organization);
        var userId = await app.AssignAsync(organization, kind, id);
        return (owner, new TestUser(userId, "", "member", organization), $"/api/admin/users/{userId}/{kind}s/{id}");
    }

    private Task<string> StatusAsync(string kind, TestUser user) =>
        app.QuerySingleAsync<string>($"select status from app.user_{kind}_assignment where user_id = @Id", new { user.Id });
}
