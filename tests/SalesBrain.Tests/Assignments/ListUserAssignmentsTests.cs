using System.Net;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

[Collection(ClockedApp.Collection)]
public sealed class ListUserAssignmentsTests(ClockedApp app)
{
    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Fact]
    public async Task Both_lists_tell_what_is_assigned_now_newest_first()
    {
        var (owner, user) = await CreateAsync();
        var organization = user.OrganizationId!.Value;
        using var client = app.As(owner);
        var campaign = await app.CreateCampaignAsync(organization, "Spring");
        var gone = await app.CreateCampaignAsync(organization, "Deleted");
        var contacts = await app.CreateContactsAsync(organization, 3, score: 40);
        using var campaigns = await client.PostAsync(
            $"/api/admin/users/{user.Id}/assign-campaigns", new { campaign_ids = new[] { campaign, gone }, role = "viewer" });
        await app.ExecuteAsync("update app.campaign set deleted_at = now() where id = @gone", new { gone });
        foreach (var contact in contacts)
        {
            app.Time.Advance(TimeSpan.FromMinutes(1));
            using var given = await client.PostAsync(
                $"/api/admin/users/{user.Id}/assign-contacts", new { contact_ids = new[] { contact } });
        }
        using var taken = await client.DeleteAsync($"/api/admin/users/{user.Id}/contacts/{contacts[1]}");

        var data = await GetAsync(client, user);

        data.AssertIncludes(new { CampaignsCount = 1, ContactsCount = 2 });
        Assert.Single(data.GetProperty("campaigns").EnumerateArray()).AssertIncludes(new
        {
            CampaignId = campaign,
            CampaignName = "Spring",
            CampaignStatus = "active",
            Role = "viewer",
            CanEdit = false,
            CanViewStats = true,
            CanManageContacts = false,
        });
        Assert.Equal(
            [contacts[2], contacts[0]],
            data.GetProperty("contacts").EnumerateArray().Select(row => row.GetProperty("contact_id").GetGuid()));
        data.GetProperty("contacts")[0].AssertIncludes(new
        {
            AssignmentType = "manual",
            LeadScore = 42,
            InteractionsCount = 0,
            LastContactedAt = (DateTime?)null,
            Reason = (object?)null,
        });
    }

    [Fact]
    public async Task The_reason_of_an_automatic_assignment_can_be_read()
    {
        var (owner, user) = await CreateAsync();
        using var client = app.As(owner);
        await client.SetRulesAsync(
            new
            {
                name = "Germany",
                strategy = "territory",
                conditions = new { countries = new[] { "de" }, tags = new[] { "vip" } },
                members = AssignmentWorld.Weighted([user], 3),
            },
            AssignmentWorld.CatchAll(AssignmentWorld.Weighted([owner], 1)));
        var contact = await app.CreateContactLikeAsync(user.OrganizationId!.Value, country: " DE", tags: ["other", "VIP"]);
        await client.AutoAssignAsync([contact]);

        var reason = (await GetAsync(client, user)).GetProperty("contacts")[0].GetProperty("reason");

        reason.AssertIncludes(new
        {
            Rule = "Germany",
            Strategy = "territory",
            Members = 1,
            Eligible = 1,
            Weight = 3,
            WeightedCount = 0m,
            Matched = new { Country = " DE", Tag = "VIP" },
        });
        Assert.StartsWith("Rule \"Germany\" (", reason.GetProperty("text").GetString(), StringComparison.Ordinal);

        using var response = await client.GetAsync($"/api/admin/contacts/{contact}/assignments");
        var owning = Assert.Single((await response.DataAsync()).GetProperty("assignments").EnumerateArray());
        owning.AssertIncludes(new { UserId = user.Id, Status = "active" });
        Assert.Equal(reason.GetRawText(), owning.GetProperty("reason").GetRawText());
    }

    [Fact]
    public async Task Each_list_is_paged_by_its_own_cursor_and_both_by_offset()
    {
        var (owner, user) = await CreateAsync();
        using var client = app.As(owner);
        await AssignAsync(user, 5, 3);
        var all = await GetAsync(client, user);

        var contacts = new List<Guid>();
        var cursor = "";
        do
        {
            var page = await GetAsync(client, user, $"?limit=2{cursor}");
            Assert.Equal(2, page.GetProperty("campaigns").GetArrayLength());
            Assert.Equal(contacts.Count, page.GetProperty("contacts_offset").GetInt32());
            contacts.AddRange(Ids(page, "contact"));
            cursor = page.GetProperty("contacts_next_cursor").GetString() is { } next ? "&contacts_cursor=" + next : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(Ids(all, "contact"), contacts);
        var second = await GetAsync(client, user, "?limit=2&offset=2");
        Assert.Equal(Ids(all, "contact").Skip(2).Take(2), Ids(second, "contact"));
        Assert.Equal(Ids(all, "campaign").Skip(2), Ids(second, "campaign"));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("campaigns_next_cursor").ValueKind);
        second.AssertIncludes(new { CampaignsCount = 3, ContactsCount = 5 });
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_list_and_its_user_only()
    {
        var (owner, user) = await CreateAsync();
        var other = await app.CreateUserAsync("member", user.OrganizationId);
        using var client = app.As(owner);
        await AssignAsync(user, 3, 3);
        var cursor = (await GetAsync(client, user, "?limit=1")).GetProperty("contacts_next_cursor").GetString();

        foreach (var (path, member) in new[] { ($"{user.Id}/assignments?limit=1&campaigns_cursor={cursor}", "campaigns_cursor"), ($"{other.Id}/assignments?contacts_cursor={cursor}", "contacts_cursor") })
        {
            using var response = await client.GetAsync("/api/admin/users/" + path);
            var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.Equal(member, problem.Members());
        }
    }

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Every_user_can_read_their_own_assignments(Role role)
    {
        var user = await app.CreateUserAsync(role.Name());
        using var client = app.As(user);
        if (role.IsPlatform())
        {
            // Nothing can be assigned to a platform operator.
            using var response = await client.GetAsync($"/api/admin/users/{user.Id}/assignments");
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
            return;
        }
        await AssignAsync(user, 2, 1);

        var data = await GetAsync(client, user);

        Assert.Equal(1, data.GetProperty("campaigns").GetArrayLength());
        Assert.Equal(2, data.GetProperty("contacts").GetArrayLength());
        Assert.Equal(2, data.GetProperty("contacts_count").GetInt32());
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=501", "limit")]
    [InlineData("?offset=-1", "offset")]
    [InlineData("?offset=9950", "offset")]
    [InlineData("?contacts_cursor=x", "contacts_cursor")]
    [InlineData("?cursor=x", "cursor")]
    public async Task Bad_pages_are_told(string query, string member)
    {
        var (owner, user) = await CreateAsync();
        using var client = app.As(owner);

        using var response = await client.GetAsync($"/api/admin/users/{user.Id}/assignments{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    private async Task<(TestUser Owner, TestUser User)> CreateAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner, await app.CreateUserAsync("member", owner.OrganizationId));
    }

    private async Task AssignAsync(TestUser user, int contacts, int campaigns)
    {
        var ids = await app.CreateContactsAsync(user.OrganizationId!.Value, contacts);
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) select @OrganizationId, @Id, unnest(@ids);
            with made as (
                insert into app.campaign (organization_id, name) select @OrganizationId, 'Campaign ' || n from generate_series(1, @campaigns) n returning id
            )
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) select @OrganizationId, @Id, id from made
            """, new { user.OrganizationId, user.Id, ids, campaigns });
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, TestUser user, string query = "")
    {
        using var response = await client.GetAsync($"/api/admin/users/{user.Id}/assignments{query}");
        return await response.DataAsync();
    }

    private static IEnumerable<Guid> Ids(JsonElement data, string kind) =>
        data.GetProperty(kind + "s").EnumerateArray().Select(row => row.GetProperty(kind + "_id").GetGuid());
}
