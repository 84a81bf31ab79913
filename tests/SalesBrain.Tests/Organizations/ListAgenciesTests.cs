using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

[Collection(SerialApp.Collection)]
public sealed class ListAgenciesTests(SerialApp app)
{
    [Fact]
    public async Task Filters_narrow_it_and_platform_operators_see_every_organization()
    {
        var (organization, other) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        var (one, two, three) = (await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(other));
        await app.ExecuteAsync("update app.agency set name = 'Desk of one', city = 'Graz' where id = @one", new { one });
        await app.ExecuteAsync(
            "update app.agency set name = 'Desk of two', status = 'inactive', domain = 'two.example' where id = @two", new { two });
        await app.ExecuteAsync(
            "update app.agency set name = 'Desk of three', email = 'three@desk.example' where id = @three", new { three });
        using var owner = app.As(await app.CreateUserAsync("owner", organization));
        using var platform = app.As(await app.CreateUserAsync("sb_operator"));

        Assert.Equal([two, one], await IdsAsync(owner, ""));
        Assert.Equal([two], await IdsAsync(owner, "?status=inactive"));
        Assert.Equal([one], await IdsAsync(owner, "?search=GRAZ"));
        Assert.Equal([two], await IdsAsync(owner, "?search=two.ex"));
        Assert.Empty(await IdsAsync(owner, $"?organization_id={other}"));
        Assert.Equal([three], await IdsAsync(platform, "?search=three%40desk"));
        Assert.Equal([three], await IdsAsync(platform, $"?organization_id={other}"));
        Assert.Equal([one, three, two], await IdsAsync(platform, "?search=desk%20of&sort_by=name"));
    }

    private static async Task<Guid[]> IdsAsync(HttpClient client, string query) =>
        (await client.PageAsync(CrmWorld.Agencies + query)).Ids();
}
