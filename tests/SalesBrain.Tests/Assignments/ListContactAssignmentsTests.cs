using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

[Collection(ClockedApp.Collection)]
public sealed class ListContactAssignmentsTests(ClockedApp app)
{
    [Fact]
    public async Task Who_has_it_comes_before_who_had_it()
    {
        var owner = await app.CreateUserAsync("owner");
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        var contact = await app.CreateContactAsync(owner.OrganizationId.Value, "wanted@test.example");
        using var client = app.As(owner);
        foreach (var user in (TestUser[])[users[1], users[2], users[0]])
        {
            app.Time.Advance(TimeSpan.FromMinutes(1));
            using var given = await client.PostAsync(
                $"/api/admin/users/{user.Id}/assign-contacts", new { contact_ids = new[] { contact }, transfer = true });
        }

        using var response = await client.GetAsync($"/api/admin/contacts/{contact}/assignments");

        (await response.DataAsync()).GetProperty("assignments").AssertIncludes(new[]
        {
            new { UserId = users[0].Id, Status = "active" },
            new { UserId = users[2].Id, Status = "transferred" },
            new { UserId = users[1].Id, Status = "transferred" },
        });
    }

    [Fact]
    public async Task A_contact_that_nobody_has_has_an_empty_list()
    {
        var owner = await app.CreateUserAsync("owner");
        var contact = await app.CreateContactAsync(owner.OrganizationId!.Value, "free@test.example");
        using var client = app.As(owner);

        using var response = await client.GetAsync($"/api/admin/contacts/{contact}/assignments");

        Assert.Equal(0, (await response.DataAsync()).GetProperty("assignments").GetArrayLength());
    }

    [Fact]
    public async Task Another_organizations_contact_is_told_like_one_that_never_was()
    {
        var stranger = await app.CreateUserAsync("member");
        var contact = Assert.Single(await app.CreateContactsAsync(stranger.OrganizationId!.Value, 1));
        await app.ExecuteAsync(
            "insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@OrganizationId, @Id, @contact)",
            new { stranger.OrganizationId, stranger.Id, contact });
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var theirs = await client.GetAsync($"/api/admin/contacts/{contact}/assignments");
        using var random = await client.GetAsync($"/api/admin/contacts/{Guid.NewGuid()}/assignments");

        Assert.Equal(
            (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
            (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
    }
}
