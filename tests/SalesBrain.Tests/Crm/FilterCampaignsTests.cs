using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class FilterCampaignsTests(TestApp app)
{
    private const string Path = "/api/admin/campaigns/filter";

    [Fact]
    public async Task Campaigns_come_by_name_in_any_letter_case()
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var name in new[] { "beta", "Alpha", "alpha", "Öl", "Beta 2" })
        {
            await app.CreateCampaignAsync(owner.OrganizationId!.Value, name);
        }

        var data = await (await app.As(owner).GetAsync(Path)).DataAsync();

        Assert.Equal(["alpha", "Alpha", "beta", "Beta 2", "Öl"], Names(data));
        Assert.False(data.GetProperty("has_more").GetBoolean());
        var first = data.GetProperty("campaigns")[0];
        Assert.Equal(["id", "name", "status", "organization_id"], first.EnumerateObject().Select(member => member.Name));
        first.AssertIncludes(new { Status = "active", owner.OrganizationId });
    }

    [Theory]
    [InlineData("search=spring", new[] { "Spring 100% off", "SPRING_2026" })]
    [InlineData("search=0%25", new[] { "Spring 100% off" })]
    [InlineData("search=g_2", new[] { "SPRING_2026" })]
    [InlineData("search=%25%25", new string[0])]
    [InlineData("search=%C3%89T", new[] { "Été" })]
    [InlineData("search=a%5Cb", new[] { @"A\B" })]
    [InlineData("search=", new[] { @"A\B", "Été", "Spring 100% off", "SPRING_2026" })]
    public async Task Search_is_literal_and_ignores_letter_case(string query, string[] expected)
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var name in new[] { "Spring 100% off", "SPRING_2026", "Été", @"A\B" })
        {
            await app.CreateCampaignAsync(owner.OrganizationId!.Value, name);
        }

        Assert.Equal(expected, await GetNamesAsync(owner, query));
    }

    [Fact]
    public async Task Status_may_be_repeated_and_deleted_campaigns_are_left_out()
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var status in new[] { "draft", "active", "paused", "completed", "archived" })
        {
            await app.ExecuteAsync(
                "insert into app.campaign (organization_id, name, status) values (@OrganizationId, @status, @status)",
                new { owner.OrganizationId, status });
        }
        await app.ExecuteAsync(
            "insert into app.campaign (organization_id, name, status, deleted_at) values (@OrganizationId, 'gone', 'draft', now())",
            new { owner.OrganizationId });

        Assert.Equal(["active", "archived", "completed", "draft", "paused"], await GetNamesAsync(owner, ""));
        Assert.Equal(["draft", "paused"], await GetNamesAsync(owner, "status=paused&status=draft"));
        Assert.Equal(["archived", "completed"], await GetNamesAsync(owner, "status=completed,archived"));
    }

    [Fact]
    public async Task At_most_100_are_returned()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.campaign (organization_id, name) select @OrganizationId, 'Campaign ' || lpad(n::text, 3, '0') from generate_series(1, 101) n
            """, new { owner.OrganizationId });

        var all = await (await app.As(owner).GetAsync(Path)).DataAsync();
        var fewer = await (await app.As(owner).GetAsync($"{Path}?search=campaign%200")).DataAsync();

        Assert.Equal(Enumerable.Range(1, 100).Select(n => $"Campaign {n:000}"), Names(all));
        Assert.True(all.GetProperty("has_more").GetBoolean());
        Assert.False(fewer.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Roles_see_what_is_in_their_scope()
    {
        var organization = await app.CreateOrganizationAsync();
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        await app.CreateCampaignAsync(organization, "house");
        await app.CreateCampaignAsync(organization, "agency's", agencyId: agency);
        await app.CreateCampaignAsync(organization, "client's", agencyId: agency, clientId: client);
        await app.CreateCampaignAsync(organization, "other agency's", agencyId: await app.CreateAgencyAsync(organization));
        var foreign = await app.CreateOrganizationAsync();
        await app.CreateCampaignAsync(foreign, "foreign");

        string[] everything = ["agency's", "client's", "house", "other agency's"];
        Assert.Equal(everything, await GetNamesAsync(await app.CreateUserAsync("owner", organization), ""));
        Assert.Equal(everything, await GetNamesAsync(await app.CreateUserAsync("read_only", organization), ""));
        Assert.Equal(["agency's", "client's"], await GetNamesAsync(await app.CreateUserAsync("agency_staff", organization, agency), ""));
        Assert.Equal(["client's"], await GetNamesAsync(await app.CreateUserAsync("client_user", organization, clientId: client), ""));
        Assert.Empty(await GetNamesAsync(await app.CreateUserAsync("client_user", organization), ""));
        Assert.Empty(await GetNamesAsync(await app.CreateUserAsync("owner", organization), $"organization_id={foreign}"));
        Assert.Equal(everything, await GetNamesAsync(await app.CreateUserAsync("sb_operator"), $"organization_id={organization}"));
        Assert.Equal(["foreign"], await GetNamesAsync(await app.CreateUserAsync("sb_admin"), "search=FOREIGN"));
    }

    [Theory]
    [InlineData("search=a", "search")]
    [InlineData("search=a%00b", "search")]
    [InlineData("status=running", "status")]
    [InlineData("organization_id=x", "organization_id")]
    [InlineData("limit=5", "limit")]
    public async Task Bad_input_is_refused(string query, string parameter)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(parameter, problem.Members());
    }

    [Fact]
    public async Task Stranger_is_401()
    {
        using var response = await app.Http.GetAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    private async Task<IEnumerable<string?>> GetNamesAsync(TestUser user, string query) =>
        Names(await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync());

    private static IEnumerable<string?> Names(JsonElement data) =>
        data.GetProperty("campaigns").EnumerateArray().Select(campaign => campaign.GetProperty("name").GetString());
}
