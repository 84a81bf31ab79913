using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Lists are in the order of a dictionary, page by page along the cursor in both directions.</summary>
[Collection(SerialApp.Collection)]
public sealed class NameOrderTests(SerialApp app)
{
    /// <summary>
    /// In order: letters first, accents next, letter case last. The database alone sorts capitals before and accents after all other
    /// letters.
    /// </summary>
    private static readonly string[] Ordered =
    [
        "100 Gramm", "apfel", "\u00C4rger", "A\u0308rger 2", "cote", "cot\u00E9", "c\u00F4te", "c\u00F4t\u00E9", "\u00C9clair", "eclipse",
        "\u00D6l", "ost", "strasse 1", "Stra\u00DFe 2", "Zebra", "\u6771\u4EAC",
    ];

    [Theory]
    [InlineData("users", "sort_by=name")]
    [InlineData("agencies", "sort_by=name")]
    [InlineData("clients", "sort_by=name")]
    [InlineData("organizations", "sort_by=name")]
    [InlineData("leads", "sort_by=last_name")]
    [InlineData("leads", "sort_by=company")]
    public async Task Names_are_sorted_as_people_expect(string list, string query)
    {
        var owner = await app.CreateUserAsync("owner");
        var (ids, prefix) = (new List<Guid>(), list == "organizations" ? $"{Guid.NewGuid():N} " : "");
        foreach (var name in Ordered.Reverse())
        {
            ids.Insert(0, await app.CreateNamedAsync(list, owner.OrganizationId!.Value, prefix + name));
        }
        using var client = app.As(list == "organizations" ? await app.CreateUserAsync("sb_admin") : owner);
        var path = $"/api/v1/{list}?page_size=3&{query}" + (list == "organizations" ? $"&search={prefix.Trim()}" : "");

        // The owner of the organization is on the list of users as well.
        Assert.Equal(ids, (await client.WalkAsync(path)).Where(ids.Contains));
        Assert.Equal(Enumerable.Reverse(ids), (await client.WalkAsync(path + "&sort_order=desc")).Where(ids.Contains));
    }

    [Fact]
    public async Task Names_that_differ_in_letter_case_or_normal_form_are_sorted_by_id()
    {
        var owner = await app.CreateUserAsync("owner");
        var ids = new List<Guid>();
        foreach (var name in new[] { "\u00C9t\u00E9", "e\u0301te\u0301", "\u00C9T\u00C9", "E\u0301te\u0301", "\u00E9t\u00E9" })
        {
            ids.Add(await app.CreateClientAsync(owner.OrganizationId!.Value, name));
        }
        using var client = app.As(owner);

        Assert.Equal(ids.OrderBy(id => id.ToString()), await client.WalkAsync($"{CrmWorld.Clients}?page_size=2&sort_by=name"));
        Assert.Equal(
            ids.OrderByDescending(id => id.ToString()),
            await client.WalkAsync($"{CrmWorld.Clients}?page_size=2&sort_by=name&sort_order=desc"));
    }

    [Fact]
    public async Task Campaigns_to_choose_from_are_in_the_same_order()
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var name in Ordered.Reverse())
        {
            await app.CreateCampaignAsync(owner.OrganizationId!.Value, name);
        }

        var data = await app.As(owner).GetDataAsync("/api/admin/campaigns/filter");

        Assert.Equal(Ordered, data.GetProperty("campaigns").EnumerateArray().Select(campaign => campaign.GetProperty("name").GetString()));
    }
}
