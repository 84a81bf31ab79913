using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class DeleteAgencyTests(TestApp app)
{
    [Fact]
    public async Task Agency_to_which_nothing_belongs_goes()
    {
        var owner = await app.CreateUserAsync("owner");
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(agency));
        using var again = await client.SendAsync(HttpMethod.Delete, PathOf(agency));

        Assert.Equal(agency, (await response.DataAsync()).GetProperty("id").GetGuid());
        await again.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.agency where id = @agency", new { agency }));
        var entry = Assert.Single(await app.AuditOfAsync(agency));
        Assert.Equivalent(new { Action = "agency.deleted", ActorId = owner.Id }, entry);
        entry.Json.AssertIncludes(new { Before = new { Name = "Agency" } });
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("sb_admin")]
    public async Task Non_empty_row_stays_and_the_problem_lists_its_contents(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId);
        var gone = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        await app.ExecuteAsync("update app.campaign set deleted_at = now() where id = @gone", new { gone });
        var lead = await app.CreateLeadAsync(place.OrganizationId, await app.CreateContactAsync(place.OrganizationId), campaign);
        await app.ExecuteAsync("update app.lead set agency_id = @AgencyId where id = @lead", new { place.AgencyId, lead });
        using var client = app.As(await place.CreateUserAsync(app, role));

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(place.AgencyId));

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "not_empty");
        Assert.Equal(
            "The agency still has 1 campaign, 1 deleted campaign, 2 clients, 1 lead and 1 user.",
            problem.GetProperty("detail").GetString());
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.agency where id = @AgencyId", new { place.AgencyId }));
        Assert.Empty(await app.AuditOfAsync(place.AgencyId));
    }

    [Fact]
    public async Task Concurrent_deletion_and_new_client_only_one_succeeds()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        for (var round = 0; round < 5; round++)
        {
            var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);

            var (deleted, added) = (client.SendAsync(HttpMethod.Delete, PathOf(agency)), client.PostAsync(CrmWorld.Clients, new { name = "New", agency_id = agency }));
            using var deletion = await deleted;
            using var addition = await added;

            Assert.True(
                (deletion.StatusCode, addition.StatusCode) is (HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity) or (HttpStatusCode.Conflict, HttpStatusCode.Created),
                $"{deletion.StatusCode} {addition.StatusCode} {await addition.Content.ReadAsStringAsync()}");
        }
    }

    private static string PathOf(Guid agency) => $"{CrmWorld.Agencies}/{agency}";
}
