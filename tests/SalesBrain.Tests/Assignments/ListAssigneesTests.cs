using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

public sealed class ListAssigneesTests(TestApp app)
{
    [Fact]
    public async Task Users_come_newest_first_with_what_each_has_now()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var users = await app.CreateMembersAsync(organization, 2);
        var contacts = await app.CreateContactsAsync(organization, 3);
        var campaign = await app.CreateCampaignAsync(organization);
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, status)
            values (@organization, @first, @a, 'active'), (@organization, @first, @b, 'active'), (@organization, @first, @c, 'inactive'), (@organization, @second, @c, 'active');
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) values (@organization, @second, @campaign)
            """, new { organization, first = users[0].Id, second = users[1].Id, a = contacts[0], b = contacts[1], c = contacts[2], campaign });
        using var client = app.As(owner);

        var data = await ListAsync(client);

        data.AssertIncludes(new
        {
            Total = 3,
            Users = new[]
            {
                new { users[1].Id, users[1].Email, CampaignsCount = 1, ContactsCount = 1 },
                new { users[0].Id, users[0].Email, CampaignsCount = 0, ContactsCount = 2 },
                new { owner.Id, owner.Email, CampaignsCount = 0, ContactsCount = 0 },
            },
        });
    }

    [Theory]
    [InlineData("role=sales_rep", "staff")]
    [InlineData("role=agency_staff", "staff")]
    [InlineData("status=invited", "invited")]
    [InlineData("search=NUMBER_ONE", "named")]
    [InlineData("search=Per%25cent", "percent")]
    [InlineData("search=zz%25zz", "")]
    public async Task Filters_leave_out_whoever_does_not_match(string query, string expected)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var ids = new Dictionary<Guid, string>
        {
            [owner.Id] = "owner",
            [(await app.CreateUserAsync("agency_staff", organization)).Id] = "staff",
            [(await app.CreateUserAsync("member", organization, status: "invited")).Id] = "invited",
        };
        var named = await app.CreateUserAsync("member", organization);
        var percent = await app.CreateUserAsync("member", organization);
        ids[named.Id] = "named";
        ids[percent.Id] = "percent";
        await app.ExecuteAsync("""
            update app.user set email_norm = 'number_one.' || id || '@test.example', email = 'Number_One.' || id || '@test.example' where id = @named;
            update app.user set first_name = 'Per%cent' where id = @percent
            """, new { named = named.Id, percent = percent.Id });
        using var client = app.As(owner);

        var data = await ListAsync(client, "?" + query);

        Assert.Equal(
            expected, string.Join(',', data.GetProperty("users").EnumerateArray().Select(user => ids[user.GetProperty("id").GetGuid()])));
    }

    [Fact]
    public async Task Platform_operators_see_all_organizations_or_one()
    {
        var first = await app.CreateUserAsync("owner");
        var second = await app.CreateUserAsync("owner");
        using var client = app.As(await app.CreateUserAsync("sb_operator"));

        Assert.Equal(
            first.Id,
            Assert.Single((await ListAsync(client, $"?organization_id={first.OrganizationId}")).GetProperty("users").EnumerateArray())
                .GetProperty("id").GetGuid());
        var all = (await ListAsync(client, "?limit=500")).GetProperty("users").EnumerateArray()
            .Select(user => user.GetProperty("id").GetGuid()).ToHashSet();
        Assert.Superset(new HashSet<Guid> { first.Id, second.Id }, all);
    }

    [Fact]
    public async Task Another_organization_is_empty()
    {
        var other = await app.CreateUserAsync("owner");
        using var client = app.As(await app.CreateUserAsync("owner"));

        Assert.Equal(0, (await ListAsync(client, $"?organization_id={other.OrganizationId}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_by_cursor_neither_repeat_nor_skip()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateMembersAsync(owner.OrganizationId!.Value, 6);
        // All have the same time of creation, so that the id decides the order.
        await app.ExecuteAsync(
            "update app.user set created_at = '2026-01-01Z' where organization_id = @OrganizationId", new { owner.OrganizationId });
        using var client = app.As(owner);

        var ids = new List<Guid>();
        var cursor = "";
        do
        {
            var page = await ListAsync(client, $"?limit=3{cursor}");
            ids.AddRange(page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + next : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(7, ids.Distinct().Count());
        Assert.Equal(7, ids.Count);
    }

    [Theory]
    [InlineData("?role=boss", "role")]
    [InlineData("?status=gone", "status")]
    [InlineData("?search=x", "search")]
    [InlineData("?search=%20x%20", "search")]
    [InlineData("?name=x", "name")]
    public async Task Bad_filters_are_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync("/api/admin/users" + query);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    private static async Task<JsonElement> ListAsync(HttpClient client, string query = "")
    {
        using var response = await client.GetAsync("/api/admin/users" + query);
        return await response.DataAsync();
    }
}
