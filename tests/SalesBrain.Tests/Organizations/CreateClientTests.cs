using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class CreateClientTests(TestApp app)
{
    [Fact]
    public async Task Client_is_stored_as_sent_and_audited()
    {
        var place = await CrmPlace.CreateAsync(app);
        var admin = await place.CreateUserAsync(app, "agency_admin");
        using var client = app.As(admin);

        using var response = await client.PostTextAsync(CrmWorld.Clients, """
            {"name": "Dental Group", "contactEmail": " Office@dental.example ", "industry": "Health care", "website": "http://dental.example", "phone": "555-0100",
             "googleBusinessProfile": {"placeId": "x"}, "google_analytics": {"property": "1"}, "metadata": {"vip": true}}
            """);

        var data = await response.DataAsync();
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{CrmWorld.Clients}/{id}", response.Headers.Location?.ToString());
        // A request without an agency creates the client in the caller's own.
        data.AssertIncludes(new
        {
            place.OrganizationId,
            place.AgencyId,
            AgencyName = "Agency",
            ContactEmail = "Office@dental.example",
            GoogleSearchConsole = (object?)null,
            Status = "active",
        });
        Assert.Equal("""{"placeId": "x"}""", data.GetProperty("google_business_profile").GetRawText());
        Assert.True(JsonElement.DeepEquals(data, await client.GetDataAsync($"{CrmWorld.Clients}/{id}")));
        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equivalent(new { Action = "client.created", ActorId = admin.Id, place.OrganizationId }, entry);
    }

    [Fact]
    public async Task Nobody_makes_a_client_outside_their_own_agency_or_organization()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        var before = await CountAsync();

        foreach (var agency in new[] { elsewhere, other.AgencyId, Guid.NewGuid() })
        {
            using var response = await ofAgency.PostAsync(CrmWorld.Clients, new { name = "Outside", agency_id = agency });
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
        using var foreign = await owner.PostAsync(CrmWorld.Clients, new { name = "Outside", agency_id = other.AgencyId });
        using var unknown = await owner.PostAsync(CrmWorld.Clients, new { name = "Outside", agency_id = Guid.NewGuid() });
        using var without = await owner.PostAsync(CrmWorld.Clients, new { name = "Outside" });

        var told = await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("agency_id", told.Members());
        Assert.Equal((await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).WithoutTrace(), told.WithoutTrace());
        Assert.Equal("agency_id", (await without.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(before, await CountAsync());

        Task<int> CountAsync() => app.QuerySingleAsync<int>(
            "select count(*)::int from app.client where organization_id in (@mine, @theirs)",
            new { mine = place.OrganizationId, theirs = other.OrganizationId });
    }

    [Fact]
    public async Task Platform_administrator_adds_one_wherever_the_agency_is()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostAsync(CrmWorld.Clients, new { name = "From above", agency_id = place.AgencyId });

        Assert.Equal(place.OrganizationId, (await response.DataAsync()).GetProperty("organization_id").GetGuid());
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": ""}""", "name")]
    [InlineData("""{"name": "A", "contact_email": "nobody"}""", "contact_email")]
    [InlineData("""{"name": "A", "website": "//example.com"}""", "website")]
    [InlineData("""{"name": "A", "google_analytics": 1}""", "google_analytics")]
    [InlineData("""{"name": "A", "google_search_console": [{}]}""", "google_search_console")]
    [InlineData("""{"name": "A", "agency_id": null, "email": "a@b.example"}""", "email")]
    [InlineData("""{"name": "A", "organization_id": "00000000-0000-7000-8000-000000000001"}""", "organization_id")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        using var client = app.As(await app.CreateUserAsync("agency_admin"));

        using var response = await client.PostTextAsync(CrmWorld.Clients, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
