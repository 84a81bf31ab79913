using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Every search finds a name whatever way its letters are written, in rows from before names were normalised too.</summary>
[Collection(SerialApp.Collection)]
public sealed class NameSearchTests(SerialApp app)
{
    /// <summary>Ways to write a name that a term finds, and one that none of them finds.</summary>
    private static readonly (string Term, string[] Names, string Other)[] Searches =
    [
        ("jos\u00E9 q1", ["Jos\u00E9 Q1", "Jose\u0301 Q1", "JOS\u00C9 q1", "jose Q1"], "Josef Q1"),
        ("Jose\u0301 Q", ["Jos\u00E9 Q1", "jose Q1"], "Jos Q1"),
        ("JOSE Q", ["Jos\u00E9 Q1", "jose\u0301 Q1"], "Joseq Q1"),
        ("strasse", ["Stra\u00DFe", "STRASSE", "stra\u1E9Ee"], "Strase"),
        ("lodz ae", ["\u0141\u00F3d\u017A \u00C6", "Lodz Aer"], "Lods Ae"),
        ("o'neill", ["O\u2019Neill", "o'neill"], "oneill"),
        ("100%", ["100% sure", "\uFF11\uFF10\uFF10\uFF05"], "1000 sure"),
        ("a_b", ["a_b", "\u00E1_B"], "axb"),
        (@"c:\x", [@"c:\x"], "c:x"),
    ];

    /// <summary>Public case P49.</summary>
    [Fact]
    public async Task Users_are_found_in_either_normal_form()
    {
        var owner = await app.CreateUserAsync("owner");
        var input = PublicCases.Input("P49");
        using var client = app.As(owner);
        foreach (var stored in input.GetProperty("stored").EnumerateArray())
        {
            using var created = await client.PostAsync(CrmWorld.Users, new
            {
                email = $"{Guid.NewGuid():N}@test.example",
                role = "member",
                first_name = stored[0].GetString(),
                last_name = stored[1].GetString(),
                password = AuthWorld.Password,
            });
            await created.DataAsync();
        }

        foreach (var query in input.GetProperty("queries").EnumerateArray())
        {
            Assert.Equal(
                query[1].GetInt32(),
                (await client.PageAsync($"{CrmWorld.Users}?search={Uri.EscapeDataString(query[0].GetString()!)}")).Ids().Length);
        }
    }

    [Theory]
    [InlineData("users")]
    [InlineData("agencies")]
    [InlineData("clients")]
    [InlineData("organizations")]
    [InlineData("leads")]
    [InlineData("campaigns")]
    [InlineData("ignored logs")]
    [InlineData("pending logs")]
    [InlineData("processed logs")]
    [InlineData("assignees")]
    [InlineData("onboarding links")]
    public async Task Search_ignores_normal_form_letter_case_and_accents(string list)
    {
        foreach (var (term, names, other) in Searches)
        {
            var owner = await app.CreateUserAsync("owner");
            var expected = new List<Guid>();
            foreach (var name in names)
            {
                expected.Add(await CreateAsync(list, owner, name));
            }
            var not = await CreateAsync(list, owner, other);

            using var client = app.As(list == "organizations" ? await app.CreateUserAsync("sb_admin") : owner);
            // Organizations of other tests are found too.
            var found = (await FindAsync(client, list, term)).Where(id => id == not || expected.Contains(id));
            Assert.Equal(expected.Order(), found.Order());
        }
    }

    private async Task<Guid> CreateAsync(string list, TestUser owner, string name)
    {
        var organization = owner.OrganizationId!.Value;
        switch (list)
        {
            case "assignees":
                return await app.CreateNamedAsync("users", organization, name);
            case "leads":
                return await app.CreateLeadAsync(organization, company: name);
            case "campaigns":
                return await app.CreateCampaignAsync(organization, name);
            case "onboarding links":
                var link = await app.CreateOnboardingLinkAsync(owner);
                await app.ExecuteAsync("update app.onboarding_link set template_name = @name where id = @Id", new { name, link.Id });
                return link.Id;
            case "users" or "agencies" or "clients" or "organizations":
                return await app.CreateNamedAsync(list, organization, name);
            default:
                return await app.CreateWebhookLogAsync(organization, list.Split(' ')[0], "t.u", campaignName: name);
        }
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(HttpClient client, string list, string term)
    {
        var search = "search=" + Uri.EscapeDataString(term);
        var (path, rows) = list switch
        {
            "users" => (CrmWorld.Users, null),
            "agencies" => (CrmWorld.Agencies, null),
            "clients" => (CrmWorld.Clients, null),
            "organizations" => (CrmWorld.Organizations, null),
            "leads" => ("/api/v1/leads", null),
            "campaigns" => ("/api/admin/campaigns/filter", "campaigns"),
            "assignees" => ("/api/admin/users", "users"),
            "onboarding links" => ($"{OnboardingWorld.Root}/links", "links"),
            _ => ("/api/admin/webhooks/logs", "logs"),
        };
        return rows is null
            ? (await client.PageAsync($"{path}?page_size=200&{search}")).Ids()
            : [.. (await client.GetDataAsync($"{path}?{search}")).GetProperty(rows).EnumerateArray().Select(row => IdOf(row))];
    }

    private static Guid IdOf(JsonElement row) => (row.TryGetProperty("id", out var id) ? id : row.GetProperty("link_id")).GetGuid();
}
