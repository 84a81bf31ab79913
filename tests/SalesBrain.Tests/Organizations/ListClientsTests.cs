using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

[Collection(SerialApp.Collection)]
public sealed class ListClientsTests(SerialApp app)
{
    [Fact]
    public async Task Filters_narrow_it_and_platform_operators_see_every_organization()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateClientAsync(place.OrganizationId, "Client elsewhere", status: "inactive");
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var platform = app.As(await app.CreateUserAsync("sb_operator"));

        Assert.Equal([elsewhere, place.OtherClientId, place.ClientId], await IdsAsync(owner, ""));
        Assert.Equal([place.OtherClientId, place.ClientId], await IdsAsync(owner, $"?agency_id={place.AgencyId}"));
        Assert.Equal([elsewhere], await IdsAsync(owner, "?status=inactive"));
        Assert.Equal([elsewhere, place.OtherClientId, place.ClientId], await IdsAsync(owner, "?status=inactive&status=active"));
        Assert.Empty(await IdsAsync(owner, $"?agency_id={other.AgencyId}"));
        Assert.Empty(await IdsAsync(owner, $"?organization_id={other.OrganizationId}"));
        Assert.Equal([other.OtherClientId, other.ClientId], await IdsAsync(platform, $"?agency_id={other.AgencyId}"));
        Assert.Equal(
            await app.QueryAsync<Guid>("select id from app.client order by updated_at, id"),
            await platform.WalkAsync($"{CrmWorld.Clients}?page_size=2&sort_by=updated_at&sort_order=asc"));
    }

    private static async Task<Guid[]> IdsAsync(HttpClient client, string query) => (await client.PageAsync(CrmWorld.Clients + query)).Ids();
}
