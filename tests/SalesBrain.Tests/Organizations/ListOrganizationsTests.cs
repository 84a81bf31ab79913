using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

[Collection(SerialApp.Collection)]
public sealed class ListOrganizationsTests(SerialApp app)
{
    [Fact]
    public async Task Platform_operator_finds_every_organization_in_any_order()
    {
        using var client = app.As(await app.CreateUserAsync("sb_operator"));
        for (var i = 0; i < 5; i++)
        {
            var id = await app.CreateOrganizationAsync(i == 2 ? "suspended" : "active");
            await app.ExecuteAsync(
                "update app.organization set name = 'Sorted ' || @letter where id = @id", new { id, letter = "dbEaC"[i].ToString() });
        }

        var byName = await client.PageAsync($"{CrmWorld.Organizations}?sort_by=name&search=SORTED");
        var suspended = await client.PageAsync($"{CrmWorld.Organizations}?status=suspended&search=sorted");

        Assert.Equal(["Sorted a", "Sorted b", "Sorted C", "Sorted d", "Sorted E"], NamesOf(byName));
        Assert.Equal(["Sorted E"], NamesOf(suspended));
        Assert.Equal(
            await app.QueryAsync<Guid>("select id from app.organization order by created_at desc, id desc"),
            await client.WalkAsync($"{CrmWorld.Organizations}?page_size=2"));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("client_user")]
    public async Task Everybody_else_finds_their_own(string role)
    {
        await app.CreateOrganizationAsync();
        var user = await app.CreateUserAsync(role);
        using var client = app.As(user);

        var all = await client.PageAsync(CrmWorld.Organizations);
        var found = await client.PageAsync($"{CrmWorld.Organizations}?search=org-");

        Assert.Equal([user.OrganizationId!.Value], all.Ids());
        Assert.Equal([user.OrganizationId!.Value], found.Ids());
        Assert.Equal(1, found.GetProperty("pagination").GetProperty("total").GetInt32());
    }

    private static IEnumerable<string?> NamesOf(System.Text.Json.JsonElement page) =>
        page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString());
}
