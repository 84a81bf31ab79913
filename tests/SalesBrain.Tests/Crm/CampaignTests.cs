using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

/// <summary>Creating, changing and deleting campaigns.</summary>
public sealed class CampaignTests(TestApp app)
{
    [Theory]
    [InlineData(CrmWorld.Campaigns)]
    [InlineData(CrmWorld.Campaigns + "/create")]
    public async Task Campaign_is_created_read_and_recorded(string path)
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await place.CreateUserAsync(app, "owner");
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(path, $$$"""
            {"name": " Autumn ", "description": "Dentists", "clientId": "{{{place.ClientId}}}", "start_date": "2026-09-01", "endDate": "2026-12-31",
             "source": "instantly", "external_id": "abc", "settings": {"a": [1]}, "target_audience": {"b": null}, "status": "active"}
            """);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var data = await response.DataAsync();
        data.AssertIncludes(new
        {
            place.OrganizationId,
            place.AgencyId,
            AgencyName = "Agency",
            place.ClientId,
            ClientName = "Client",
            Name = "Autumn",
            Description = "Dentists",
            Status = "active",
            Source = "instantly",
            ExternalId = "abc",
            StartDate = "2026-09-01",
            EndDate = "2026-12-31",
            Settings = new { a = new[] { 1 } },
            TargetAudience = new { b = (object?)null },
            CreatedBy = owner.Id,
            LeadsCount = 0,
            ReplyRate = (object?)null,
        });
        Assert.NotEqual(JsonValueKind.Null, data.GetProperty("started_at").ValueKind);
        Assert.Equal($"{CrmWorld.Campaigns}/{data.GetProperty("id")}", response.Headers.Location!.OriginalString);
        Assert.True(JsonElement.DeepEquals(data, await client.GetDataAsync(response.Headers.Location.OriginalString)));
        var entry = Assert.Single(await app.AuditOfAsync(data.GetProperty("id").GetGuid()));
        Assert.Equal("campaign.created", entry.Action);
        entry.Json.GetProperty("after").AssertIncludes(new { Name = "Autumn", Status = "active", StartDate = "2026-09-01" });
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": "x", "status": "running"}""", "status")]
    [InlineData("""{"name": "x", "start_date": "2026-02-30", "source": "My Tool", "settings": [], "agency_id": "x"}""", "agency_id,settings,source,start_date")]
    [InlineData("""{"name": "x", "start_date": "2026-02-02", "end_date": "2026-02-01"}""", "end_date")]
    [InlineData("""{"name": "x", "agency_id": "00000000-0000-0000-0000-000000000001"}""", "agency_id")]
    [InlineData("""{"name": "x", "client_id": "00000000-0000-0000-0000-000000000001"}""", "client_id")]
    [InlineData("""{"name": "x", "leads_count": 5}""", "leads_count")]
    public async Task Bad_input_is_refused_by_member_and_adds_nothing(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(CrmWorld.Campaigns, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.campaign where organization_id = @OrganizationId", owner));
    }

    [Fact]
    public async Task Agencies_and_clients_of_others_cannot_be_named()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        var clientElsewhere = await app.CreateClientAsync(place.OrganizationId, elsewhere);
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));

        Assert.Equal("agency_id", await RefusedAsync(owner, $$"""{"name": "x", "agency_id": "{{other.AgencyId}}"}"""));
        Assert.Equal("client_id", await RefusedAsync(owner, $$"""{"name": "x", "client_id": "{{other.ClientId}}"}"""));
        Assert.Equal(
            "client_id",
            await RefusedAsync(owner, $$"""{"name": "x", "agency_id": "{{place.AgencyId}}", "client_id": "{{clientElsewhere}}"}"""));
        Assert.Equal("agency_id", await RefusedAsync(ofAgency, $$"""{"name": "x", "agency_id": "{{elsewhere}}"}"""));
        Assert.Equal("client_id", await RefusedAsync(ofAgency, $$"""{"name": "x", "client_id": "{{clientElsewhere}}"}"""));
        var own = await (await ofAgency.PostTextAsync(CrmWorld.Campaigns, """{"name": "x"}""")).DataAsync();
        Assert.Equal(place.AgencyId, own.GetProperty("agency_id").GetGuid());
        using var leave = await ofAgency.PutTextAsync($"{CrmWorld.Campaigns}/{own.GetProperty("id")}", """{"agency_id": null}""");
        Assert.Equal(place.AgencyId, (await leave.DataAsync()).GetProperty("agency_id").GetGuid());
    }

    [Fact]
    public async Task External_id_is_unique_in_its_source_twice_at_once_too()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            client.PostTextAsync(CrmWorld.Campaigns, """{"name": "x", "source": "instantly", "external_id": "one"}""")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        }
        using var elsewhere = await client.PostTextAsync(CrmWorld.Campaigns, """{"name": "x", "source": "n8n", "external_id": "one"}""");
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Only_the_members_sent_change_and_null_clears()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await place.CreateUserAsync(app, "agency_admin"));
        var id = (await (await client.PostTextAsync(CrmWorld.Campaigns, """{"name": "x", "description": "y", "end_date": "2026-03-01"}""")).DataAsync()).GetProperty("id");
        var path = $"{CrmWorld.Campaigns}/{id}";

        using var first = await client.PutTextAsync(path, """{"description": null, "startDate": "2026-02-28"}""");
        using var refused = await client.PutTextAsync(path, """{"start_date": "2026-03-02"}""");
        using var second = await client.PutTextAsync(
            path, """{"end_date": null, "start_date": "2026-03-02", "target_audience": {"a": 1}}""");
        using var same = await client.PutTextAsync(path, """{"name": "x", "target_audience": {"a": 1}}""");

        (await first.DataAsync())
            .AssertIncludes(new { Name = "x", Description = (string?)null, StartDate = "2026-02-28", EndDate = "2026-03-01" });
        Assert.Equal("end_date", (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        (await second.DataAsync())
            .AssertIncludes(new { StartDate = "2026-03-02", EndDate = (string?)null, TargetAudience = new { a = 1 } });
        Assert.Equal(second.Headers.ETag, same.Headers.ETag);
        using var old = await client.PutTextAsync(path, """{"name": "z"}""", ifMatch: first.Headers.ETag!.Tag);
        await old.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        Assert.Equal(
            ["campaign.created", "campaign.updated", "campaign.updated"],
            (await app.AuditOfAsync(id.GetGuid())).Select(entry => entry.Action));
    }

    [Fact]
    public async Task Status_changes_along_its_life_and_is_refused_otherwise()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        var id = (await (await client.PostTextAsync(CrmWorld.Campaigns, """{"name": "x"}""")).DataAsync()).GetProperty("id");
        var path = $"{CrmWorld.Campaigns}/{id}";

        await RefusedAsync("paused", "draft");
        await RefusedAsync("completed", "draft");
        Assert.NotEqual(JsonValueKind.Null, (await ChangeAsync("active")).GetProperty("started_at").ValueKind);
        await RefusedAsync("archived", "active");
        await RefusedAsync("draft", "active");
        using var delete = await client.DeleteAsync(path);
        await delete.ProblemAsync(HttpStatusCode.Conflict, "campaign_active");
        await ChangeAsync("paused");
        await ChangeAsync("active");
        Assert.NotEqual(JsonValueKind.Null, (await ChangeAsync("completed")).GetProperty("completed_at").ValueKind);
        await RefusedAsync("active", "completed");
        await ChangeAsync("archived");
        await RefusedAsync("draft", "archived");

        async Task<JsonElement> ChangeAsync(string status)
        {
            using var response = await client.PutTextAsync(path, $$"""{"status": "{{status}}"}""");
            var data = await response.DataAsync();
            Assert.Equal(status, data.GetProperty("status").GetString());
            return data;
        }

        async Task RefusedAsync(string status, string current)
        {
            using var response = await client.PutTextAsync(path, $$"""{"status": "{{status}}"}""");
            var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "campaign_status_refused");
            Assert.Contains($"The campaign is {current}.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Leads_at_the_campaigns_agency_move_with_it()
    {
        var place = await CrmPlace.CreateAsync(app);
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var there = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        var other = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.OtherClientId);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var response = await client.PutTextAsync(
            $"{CrmWorld.Campaigns}/{campaign}", $$"""{"agency_id": "{{elsewhere}}", "client_id": null}""");

        (await response.DataAsync()).AssertIncludes(new { AgencyId = elsewhere, ClientId = (Guid?)null });
        var moved = await app.QuerySingleJsonAsync("select agency_id, client_id from app.lead where id = @there", new { there });
        moved.AssertIncludes(new { AgencyId = elsewhere, ClientId = (Guid?)null });
        var stayed = await app.QuerySingleJsonAsync("select agency_id, client_id from app.lead where id = @other", new { other });
        stayed.AssertIncludes(new { place.AgencyId, ClientId = place.OtherClientId });
    }

    [Fact]
    public async Task Deleted_campaign_is_gone_but_its_leads_stay()
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, "Gone");
        var lead = await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));
        await client.PutTextAsync($"{CrmWorld.Campaigns}/{campaign}", """{"status": "completed"}""");

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.DeleteAsync($"{CrmWorld.Campaigns}/{campaign}")));

        Assert.Single(results, result => result.StatusCode == HttpStatusCode.OK);
        Assert.Equal(3, results.Count(result => result.StatusCode == HttpStatusCode.NotFound));
        using var gone = await client.GetAsync($"{CrmWorld.Campaigns}/{campaign}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await client.PageAsync(CrmWorld.Campaigns)).Ids());
        Assert.Equal(campaign, (await client.GetDataAsync($"/api/v1/leads/{lead}")).GetProperty("campaign_id").GetGuid());
    }

    private static async Task<string> RefusedAsync(HttpClient client, string body)
    {
        using var response = await client.PostTextAsync(CrmWorld.Campaigns, body);
        return (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members();
    }
}
