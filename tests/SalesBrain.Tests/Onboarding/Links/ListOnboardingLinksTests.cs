using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

[Collection(OnboardingApp.Collection)]
public sealed class ListOnboardingLinksTests(OnboardingApp app)
{
    private const string Path = OnboardingWorld.Root + "/links";

    [Fact]
    public async Task Organization_sees_its_own_newest_first_with_who_made_them_and_the_link_to_copy()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("update app.user set last_name = 'Owner' where id = @Id", new { owner.Id });
        var first = await app.CreateOnboardingLinkAsync(owner);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await app.CreateOnboardingLinkAsync(await app.CreateUserAsync("sb_admin"), organizationId: owner.OrganizationId);
        await app.CreateOnboardingLinkAsync();

        var data = await ListAsync(owner);

        Assert.Equal([second.Id, first.Id], IdsOf(data));
        data.AssertIncludes(new { Total = 2, Limit = 100, Offset = 0, HasMore = false });
        var organizationName = await app.QuerySingleAsync<string>(
            "select name from app.organization where id = @OrganizationId", new { owner.OrganizationId });
        data.GetProperty("links")[1].AssertIncludes(new
        {
            LinkUrl = $"https://welcome.example/base/o/{first.Token}",
            OrganizationName = organizationName,
            CreatedByEmail = owner.Email,
            CreatedByFirstName = "Test",
            CreatedByLastName = "Owner",
        });
        // An organization sees the id of a platform operator and nothing else of them.
        data.GetProperty("links")[0].AssertIncludes(new { CreatedBy = second.Creator.Id, CreatedByEmail = (string?)null });
    }

    [Fact]
    public async Task Platform_sees_all_organizations_and_their_creators()
    {
        var link = await app.CreateOnboardingLinkAsync();
        var other = await app.CreateOnboardingLinkAsync();
        var operatorUser = await app.CreateUserAsync("sb_operator");

        Assert.Subset(IdsOf(await ListAsync(operatorUser, "?limit=500")).ToHashSet(), new HashSet<Guid> { link.Id, other.Id });
        var one = await ListAsync(operatorUser, $"?organization_id={link.OrganizationId}");
        Assert.Equal([link.Id], IdsOf(one));
        Assert.Equal(link.Creator.Email, one.GetProperty("links")[0].GetProperty("created_by_email").GetString());
    }

    [Fact]
    public async Task Status_is_what_it_is_now_whether_or_not_the_timer_has_run()
    {
        var owner = await app.CreateUserAsync("owner");
        var old = await app.CreateOnboardingLinkAsync(owner, days: 1);
        var active = await app.CreateOnboardingLinkAsync(owner, days: 30);
        var revoked = await app.CreateOnboardingLinkAsync(owner);
        var used = await app.CreateOnboardingLinkAsync(owner);
        await app.RevokeAsync(revoked);
        await app.CompleteAsync(used);
        app.Time.Advance(TimeSpan.FromDays(1));

        foreach (var (status, link) in new[] { ("active", active), ("expired", old), ("revoked", revoked), ("used", used) })
        {
            var data = await ListAsync(owner, $"?status={status}");
            Assert.Equal([link.Id], IdsOf(data));
            Assert.Equal(1, data.GetProperty("total").GetInt32());
            Assert.Equal(status, data.GetProperty("links")[0].GetProperty("status").GetString());
        }
        Assert.Equal("active", (await app.StateOfAsync(old)).Status);
    }

    [Fact]
    public async Task Creator_and_search_narrow_it_and_no_character_is_special()
    {
        var owner = await app.CreateUserAsync("owner");
        var admin = await app.CreateUserAsync("admin", owner.OrganizationId);
        await app.ExecuteAsync("update app.user set first_name = 'Ada', last_name = 'Admin' where id = @Id", new { admin.Id });
        var ten = await app.CreateOnboardingLinkAsync(owner, template: "10% off");
        var hundred = await app.CreateOnboardingLinkAsync(admin, template: "100 offers");

        Assert.Equal([ten.Id], IdsOf(await ListAsync(owner, $"?created_by={owner.Id}")));
        Assert.Equal([ten.Id], IdsOf(await ListAsync(owner, "?search=0%25")));
        Assert.Equal([hundred.Id], IdsOf(await ListAsync(owner, "?search=OFFERS")));
        Assert.Equal([hundred.Id], IdsOf(await ListAsync(owner, "?search=ada%20ADMIN")));
        Assert.Equal([hundred.Id], IdsOf(await ListAsync(owner, $"?search={Uri.EscapeDataString(admin.Email[..^3].ToUpperInvariant())}")));
        Assert.Equal(2, IdsOf(await ListAsync(owner, "?search=org-")).Count());
        Assert.Empty(IdsOf(await ListAsync(owner, "?search=1__")));
        Assert.Empty(IdsOf(await ListAsync(owner, $"?created_by={Guid.NewGuid()}")));
    }

    [Fact]
    public async Task Filter_by_another_organization_returns_nothing()
    {
        var link = await app.CreateOnboardingLinkAsync();

        var data = await ListAsync(await app.CreateUserAsync("owner"), $"?organization_id={link.OrganizationId}");

        Assert.Empty(IdsOf(data));
        Assert.Equal(0, data.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_by_cursor_and_by_offset_are_the_same()
    {
        var owner = await app.CreateUserAsync("owner");
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            // Pairs with the same time of creation.
            app.Time.Advance(TimeSpan.FromSeconds(i % 2));
            made.Add((await app.CreateOnboardingLinkAsync(owner)).Id);
        }
        var expected = await app.QueryAsync<Guid>(
            "select id from app.onboarding_link where organization_id = @OrganizationId order by created_at desc, id desc",
            new { owner.OrganizationId });
        Assert.Equal(made.Order(), expected.Order());

        var byCursor = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(owner, $"?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}");
            byCursor.AddRange(IdsOf(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(expected, byCursor);
        Assert.Equal(expected.Skip(2).Take(2), IdsOf(await ListAsync(owner, "?limit=2&offset=2")));
    }

    [Fact]
    public async Task Link_whose_data_key_is_gone_is_listed_without_its_url()
    {
        var owner = await app.CreateUserAsync("owner");
        var link = await app.CreateOnboardingLinkAsync(owner);
        // The id of the key begins at the third byte.
        await app.ExecuteAsync(
            "update app.onboarding_link set token_sealed = set_byte(token_sealed, 2, 120) where id = @Id", new { link.Id });

        var row = Assert.Single((await ListAsync(owner)).GetProperty("links").EnumerateArray());

        Assert.Equal(JsonValueKind.Null, row.GetProperty("link_url").ValueKind);
        Assert.Contains(
            app.Logs.Lines, line => line.Contains($"The token of onboarding link {link.Id} cannot be opened", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?status=open", "status")]
    [InlineData("?created_by=me", "created_by")]
    [InlineData("?organization_id=1", "organization_id")]
    [InlineData("?search=a", "search")]
    [InlineData("?search=%20a%20", "search")]
    [InlineData("?limit=501", "limit")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?token=abcd", "token")]
    public async Task Bad_filters_are_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync(Path + query);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    private async Task<JsonElement> ListAsync(TestUser user, string query = "")
    {
        using var client = app.As(user);
        using var response = await client.GetAsync(Path + query);
        return await response.DataAsync();
    }

    private static IEnumerable<Guid> IdsOf(JsonElement data) =>
        data.GetProperty("links").EnumerateArray().Select(row => row.GetProperty("id").GetGuid());
}
