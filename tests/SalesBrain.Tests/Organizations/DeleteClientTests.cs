using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class DeleteClientTests(TestApp app)
{
    [Fact]
    public async Task Client_to_which_nothing_belongs_goes()
    {
        var place = await CrmPlace.CreateAsync(app);
        var admin = await place.CreateUserAsync(app, "agency_admin");
        using var client = app.As(admin);

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(place.OtherClientId));
        using var again = await client.SendAsync(HttpMethod.Delete, PathOf(place.OtherClientId));

        Assert.Equal(place.OtherClientId, (await response.DataAsync()).GetProperty("id").GetGuid());
        await again.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        var entry = Assert.Single(await app.AuditOfAsync(place.OtherClientId));
        Assert.Equivalent(new { Action = "client.deleted", ActorId = admin.Id }, entry);
    }

    /// <summary>The problem counts the client's users even for an agency administrator, who cannot see them.</summary>
    [Theory]
    [InlineData("agency_admin")]
    [InlineData("admin")]
    public async Task Non_empty_row_stays_and_the_problem_lists_its_contents(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        using var client = app.As(await place.CreateUserAsync(app, role));

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(place.ClientId));

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "not_empty");
        Assert.Equal("The client still has 1 campaign and 1 user.", problem.GetProperty("detail").GetString());
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.client where id = @ClientId", new { place.ClientId }));
    }

    private static string PathOf(Guid client) => $"{CrmWorld.Clients}/{client}";
}
