using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class TestWebhookEndpointTests(TestApp app)
{
    [Theory]
    [InlineData("instantly", "reply_received")]
    [InlineData("weconnect", "email.replied")]
    [InlineData("n8n", "email.replied")]
    [InlineData("zapier", "email.replied")]
    [InlineData("make", "email.replied")]
    [InlineData("custom", "email.replied")]
    public async Task Reply_takes_the_way_of_a_delivery_to_all_its_effects(string source, string wireName)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, source, mode: "header");

        using var response = await client.PostAsync(endpoint.Path + "/test", null);

        var data = await response.DataAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var logId = data.GetProperty("log_id").GetGuid();
        Assert.Equal($"/api/admin/webhooks/logs/{logId}", data.GetProperty("url").GetString());
        Assert.Contains(data.GetProperty("status").GetString(), (string[])["processed", "pending"]);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        (await app.QuerySingleJsonAsync("""
            select endpoint_id, status, event_source, event_type, raw_event_type, delivery_count from app.webhook_log where id = @logId
            """, new { logId })).AssertIncludes(new
        {
            endpoint_id = endpoint.Id,
            status = "processed",
            event_source = source,
            event_type = "email.replied",
            raw_event_type = wireName,
            delivery_count = 1,
        });
        (await app.QuerySingleJsonAsync("""
            select l.status, l.replied_count, k.email, c.name as campaign
            from app.lead l join app.contact k on k.id = l.contact_id join app.campaign c on c.id = l.campaign_id
            where l.organization_id = @OrganizationId
            """, new { endpoint.OrganizationId }))
            .AssertIncludes(
                new { status = "responded", replied_count = 1, email = "test.contact@example.com", campaign = "SalesBrain test" });
    }

    [Fact]
    public async Task Every_test_is_another_event_about_the_same_contact()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, "instantly");

        var logs = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var response = await client.PostTextAsync(endpoint.Path + "/test", """{"event_type": "email.opened"}""");
            return (await response.DataAsync()).GetProperty("log_id").GetGuid();
        }));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(5, logs.Distinct().Count());
        Assert.Equal(5, await app.QuerySingleAsync<int>(
            "select opened_count from app.lead where organization_id = @OrganizationId", new { endpoint.OrganizationId }));
    }

    [Fact]
    public async Task Type_without_effects_is_answered_as_ignored()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, "instantly");

        using var response = await client.PostTextAsync(endpoint.Path + "/test", """{"event_type": "enrichment.completed"}""");

        Assert.Equal("ignored", (await response.DataAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("update app.webhook_endpoint set status = 'disabled' where id = @Id", "The webhook endpoint is disabled.")]
    [InlineData("update app.organization set status = 'suspended' where id = @OrganizationId", "The organization is suspended.")]
    public async Task Inactive_endpoint_accepts_no_test(string change, string reason)
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        await app.ExecuteAsync(change, endpoint);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PostTextAsync(endpoint.Path + "/test", "{}");

        Assert.Equal(reason, (await response.ProblemAsync(HttpStatusCode.Conflict, "conflict")).GetProperty("detail").GetString());
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }));
    }

    [Theory]
    [InlineData("""{"event_type": "reply_received"}""", "event_type")]
    [InlineData("""{"type": "email.sent"}""", "type")]
    public async Task Bad_input_is_refused_by_member(string body, string member)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value);

        using var response = await client.PostTextAsync(endpoint.Path + "/test", body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    [Fact]
    public async Task Audit_log_says_who_sent_it()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value);

        using var response = await client.PostTextAsync(endpoint.Path + "/test", """{"event_type": "email.sent"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        (await app.QuerySingleJsonAsync(
            "select actor_id, changes::text from app.audit_log where entity_id = @Id and action = 'webhook_endpoint.tested'", new { endpoint.Id }))
            .AssertIncludes(new { actor_id = owner.Id, changes = """{"event_type": "email.sent"}""" });
    }
}
