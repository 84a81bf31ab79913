using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class UpdateClientTests(TestApp app)
{
    [Theory]
    [InlineData("admin")]
    [InlineData("agency_admin")]
    [InlineData("sb_admin")]
    public async Task Only_the_members_sent_change_and_null_clears(string role)
    {
        var place = await CrmPlace.CreateAsync(app);
        var user = await place.CreateUserAsync(app, role);
        using var client = app.As(user);

        using var first = await client.PutTextAsync(
            PathOf(place.ClientId), """{"industry": "Law", "google_analytics": {"a": 1}, "contact_email": "x@y.example"}""");
        using var second = await client.PutTextAsync(PathOf(place.ClientId), """{"googleAnalytics": null, "contactEmail": null}""");

        Assert.Equal(1, (await first.DataAsync()).GetProperty("google_analytics").GetProperty("a").GetInt32());
        var data = await second.DataAsync();
        data.AssertIncludes(new { Name = "Client", Industry = "Law", GoogleAnalytics = (object?)null, ContactEmail = (string?)null });
        Assert.Equal("SQL NULL", await app.QuerySingleAsync<string>(
            "select coalesce(google_analytics::text, 'SQL NULL') from app.client where id = @ClientId", new { place.ClientId }));
        var entry = (await app.AuditOfAsync(place.ClientId))[^1];
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"before": {"google_analytics": {"a": 1}, "contact_email": "x@y.example"}, "after": {"google_analytics": null, "contact_email": null}}"""),
            entry.Json), entry.Changes);
    }

    [Fact]
    public async Task Client_moves_to_another_agency_with_its_campaigns_and_leads()
    {
        var place = await CrmPlace.CreateAsync(app);
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var lead = await app.CreateLeadAsync(place.OrganizationId, await app.CreateContactAsync(place.OrganizationId), campaign);
        await app.ExecuteAsync(
            "update app.lead set agency_id = @AgencyId, client_id = @ClientId where id = @lead",
            new { place.AgencyId, place.ClientId, lead });
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var response = await client.PutTextAsync(PathOf(place.ClientId), $$"""{"agency_id": "{{elsewhere}}"}""");

        Assert.Equal(elsewhere, (await response.DataAsync()).GetProperty("agency_id").GetGuid());
        Assert.Equal([elsewhere, elsewhere], await app.QueryAsync<Guid>(
            "select agency_id from app.campaign where id = @campaign union all select agency_id from app.lead where id = @lead",
            new { campaign, lead }));
    }

    [Fact]
    public async Task Nobody_moves_a_client_out_of_their_own_agency_or_organization()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));
        var row = await app.RowAsync("client", place.ClientId);

        foreach (var agency in new[] { elsewhere, other.AgencyId, Guid.NewGuid() })
        {
            using var response = await ofAgency.PutTextAsync(PathOf(place.ClientId), $$"""{"agency_id": "{{agency}}"}""");
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
        foreach (var caller in new[] { owner, platform })
        {
            using var foreign = await caller.PutTextAsync(PathOf(place.ClientId), $$"""{"agency_id": "{{other.AgencyId}}"}""");
            using var unknown = await caller.PutTextAsync(PathOf(place.ClientId), $$"""{"agency_id": "{{Guid.NewGuid()}}"}""");
            var told = await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.Equal("agency_id", told.Members());
            Assert.Equal((await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).WithoutTrace(), told.WithoutTrace());
        }
        Assert.Equal(row, await app.RowAsync("client", place.ClientId));
    }

    [Theory]
    [InlineData("""{"name": null}""", "name")]
    [InlineData("""{"agency_id": null}""", "agency_id")]
    [InlineData("""{"status": "gone"}""", "status")]
    [InlineData("""{"google_business_profile": "x"}""", "google_business_profile")]
    [InlineData("""{"created_at": "2026-01-01"}""", "created_at")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var place = await CrmPlace.CreateAsync(app);
        var row = await app.RowAsync("client", place.ClientId);

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).PutTextAsync(PathOf(place.ClientId), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("client", place.ClientId));
    }

    private static string PathOf(Guid client) => $"{CrmWorld.Clients}/{client}";
}
