using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class EnterWebhookLogTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs";

    [Fact]
    public async Task Event_entered_by_hand_has_its_effects()
    {
        var organization = await app.CreateOrganizationAsync();
        var owner = await app.CreateUserAsync("owner", organization);

        using var response = await app.As(owner).PostTextAsync(Path, """
            {"eventType": "reply_received", "email": "Manual@Example.org", "campaign_name": "By hand", "first_name": "Ann", "timestamp": "2026-01-31T09:30:00Z"}
            """);
        var data = await response.DataAsync();
        await app.UntilProcessedAsync(organization);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/admin/webhooks/logs/{data.GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        var effects = await app.QuerySingleJsonAsync("""
            select w.event_source, w.event_type, w.status, c.name as campaign_name, k.first_name, l.status as lead_status
            from app.webhook_log w
            join app.campaign c on c.id = w.campaign_id
            join app.contact k on k.id = w.contact_id
            join app.lead l on l.contact_id = k.id
            where w.organization_id = @organization
            """, new { organization });
        effects.AssertIncludes(new
        {
            EventSource = "manual",
            EventType = "email.replied",
            Status = "processed",
            CampaignName = "By hand",
            FirstName = "Ann",
            LeadStatus = "responded",
        });
        Assert.Equal("webhook_log.entered", await app.QuerySingleAsync<string>(
            "select action from app.audit_log where organization_id = @organization and actor_id = @Id", new { organization, owner.Id }));
    }

    [Fact]
    public async Task Event_for_an_own_campaign_by_its_id_makes_no_second_campaign()
    {
        var organization = await app.CreateOrganizationAsync();
        var campaign = Guid.CreateVersion7();
        await app.ExecuteAsync(
            "insert into app.campaign (id, organization_id, name) values (@campaign, @organization, 'Mine')",
            new { campaign, organization });

        await (await app.As(await app.CreateUserAsync("owner", organization)).PostAsync(
            Path, new { event_type = "lead.interested", email = "x@example.org", campaign_id = campaign.ToString() })).DataAsync();
        await app.UntilProcessedAsync(organization);

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.campaign where organization_id = @organization", new { organization }));
        Assert.Equal(campaign, await app.QuerySingleAsync<Guid>(
            "select campaign_id from app.lead where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Platform_administrator_names_the_organization()
    {
        var organization = await app.CreateOrganizationAsync();
        var client = app.As(await app.CreateUserAsync("sb_admin"));
        var body = new { event_type = "email.sent", email = "a@example.org", organization_id = (Guid?)organization };

        await (await client.PostAsync(Path, body)).DataAsync();
        await (await client.PostAsync(Path, body with { organization_id = null }))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        await (await client.PostAsync(Path, body with { organization_id = Guid.NewGuid() }))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_log where organization_id = @organization", new { organization }));
    }

    [Theory]
    [InlineData("""{}""", "event_type")]
    [InlineData("""{"event_type": "email_teleported"}""", "event_type")]
    [InlineData("""{"event_type": "email.sent", "timestamp": "yesterday"}""", "timestamp")]
    [InlineData("""{"event_type": "email.sent", "organization_id": "018f0000-0000-7000-8000-000000000000"}""", "organization_id")]
    public async Task Bad_input_enters_nothing(string body, string member)
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(Path, body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _));
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @OrganizationId", owner));
    }

    [Theory]
    [InlineData("sb_operator")]
    [InlineData("member")]
    [InlineData("agency_admin")]
    public async Task Other_roles_are_403(string role)
    {
        using var response = await app.As(await app.CreateUserAsync(role)).PostAsync(Path, new { event_type = "email.sent" });

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }
}
