using System.Net;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

/// <summary>An endpoint's own names of event types, and its paths to fields.</summary>
[Collection(SerialApp.Collection)]
public sealed class ReadingSettingsTests(SerialApp app)
{
    private const string Settings = """
        {"type_aliases": {"DEAL_WON": "lead.closed"}, "field_paths": {"event_type": "/meta/kind", "email": "/who/0/mail", "campaign_id": "/where"}}
        """;

    private const string Body = """{"meta": {"kind": "Deal won"}, "timestamp": "2026-01-15T09:30:00Z", "who": [{"mail": "jane@acme.example"}], "where": "c-1"}""";

    [Fact]
    public async Task Endpoint_is_created_with_them_and_shows_them()
    {
        var owner = app.As(await app.CreateUserAsync("owner"));

        var created = await (await owner.PostTextAsync(EndpointWorld.Endpoints, $$"""{"source": "custom", "name": "Deals", {{Settings.Trim()[1..]}}""")).DataAsync();
        var shown = await (await owner.GetAsync($"{EndpointWorld.Endpoints}/{created.GetProperty("id").GetGuid()}")).DataAsync();
        var listed = (await (await owner.GetAsync(EndpointWorld.Endpoints)).DataAsync()).GetProperty("endpoints")[0];

        Assert.All([created, shown, listed], endpoint =>
        {
            Assert.Equal("lead.closed", endpoint.GetProperty("type_aliases").GetProperty("DEAL_WON").GetString());
            Assert.Equal("/who/0/mail", endpoint.GetProperty("field_paths").GetProperty("email").GetString());
            Assert.Equal(JsonValueKind.Null, endpoint.GetProperty("field_paths").GetProperty("timestamp").ValueKind);
        });
    }

    [Fact]
    public async Task Aliases_keep_their_spelling_in_camel_case_responses()
    {
        var owner = app.As(await app.CreateUserAsync("owner"));
        using var request = new HttpRequestMessage(HttpMethod.Post, EndpointWorld.Endpoints);
        request.Headers.Accept.ParseAdd("application/json; case=camel");
        request.Content = new StringContent(
            """{"source": "custom", "name": "Deals", "typeAliases": {"deal_won": "lead.closed"}}""", Encoding.UTF8, "application/json");

        using var response = await owner.SendAsync(request);

        Assert.Equal("lead.closed", (await response.DataAsync()).GetProperty("typeAliases").GetProperty("deal_won").GetString());
    }

    [Theory]
    [InlineData("""{"type_aliases": {"DEAL_WON": "lead.won"}}""", "type_aliases.DEAL_WON")]
    [InlineData("""{"type_aliases": {"DEAL_WON": "lead.closed", "deal won": "lead.closed"}}""", "type_aliases.deal won")]
    [InlineData("""{"type_aliases": ["lead.closed"]}""", "type_aliases")]
    [InlineData("""{"field_paths": {"email": "who/mail"}}""", "field_paths.email")]
    [InlineData("""{"field_paths": {"email": ""}}""", "field_paths.email")]
    [InlineData("""{"field_paths": {"mail": "/who"}}""", "field_paths.mail")]
    [InlineData("""{"field_paths": "/who"}""", "field_paths")]
    public async Task Invalid_settings_are_422_with_their_path(string change, string path)
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));

        var changed = await (await PutAsync(owner, endpoint, change)).ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        var created = await (await owner.PostTextAsync(EndpointWorld.Endpoints, $$"""{"source": "custom", "name": "Deals", {{change[1..]}}"""))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");

        Assert.True(changed.GetProperty("errors").TryGetProperty(path, out _), changed.GetRawText());
        Assert.True(created.GetProperty("errors").TryGetProperty(path, out _), created.GetRawText());
    }

    [Fact]
    public async Task Change_is_audited_and_outdates_what_receivers_have_cached()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        await DeliverAsync(endpoint, Body);

        await (await PutAsync(owner, endpoint, Settings)).DataAsync();
        var id = await DeliverAsync(endpoint, Body.Replace("09:30:00", "09:31:00", StringComparison.Ordinal));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal("lead.closed processed jane@acme.example", await StateAsync(id));
        Assert.Equal("""{"DEAL_WON": "lead.closed"}""", await app.QuerySingleAsync<string>("""
            select changes -> 'after' ->> 'type_aliases' from app.audit_log where entity_id = @Id and action = 'webhook_endpoint.updated'
            """, new { endpoint.Id }));

        await (await PutAsync(owner, endpoint, """{"type_aliases": null, "field_paths": null}""")).DataAsync();
        (await app.QuerySingleJsonAsync("select type_aliases::text, field_paths::text from app.webhook_endpoint where id = @Id", new { endpoint.Id }))
            .AssertIncludes(new { type_aliases = "{}", field_paths = "{}" });
    }

    [Fact]
    public async Task Failed_and_ignored_logs_are_retried_with_the_new_settings_and_corrected()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        var failed = await DeliverAsync(endpoint, Body);
        var ignored = await DeliverAsync(
            endpoint,
            """{"event_type": "DEAL_WON", "timestamp": "2026-01-15T09:32:00Z", "who": [{"mail": "joe@acme.example"}], "where": "c-2"}""");
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        Assert.Equal("unknown failed ", await StateAsync(failed));
        Assert.Equal("deal_won ignored ", await StateAsync(ignored));
        await (await owner.PostAsync(RetryOf(ignored), null)).ProblemAsync(HttpStatusCode.Conflict, "webhook_already_processed");

        await (await PutAsync(owner, endpoint, Settings)).DataAsync();
        await (await owner.PostAsync(RetryOf(failed), null)).DataAsync();
        var retried = await (await owner.PostAsync(RetryOf(ignored), null)).DataAsync();

        Assert.Equal("processed", retried.GetProperty("status").GetString());
        Assert.Equal("lead.closed processed jane@acme.example", await StateAsync(failed));
        Assert.Equal("lead.closed processed joe@acme.example", await StateAsync(ignored));
        (await app.QuerySingleJsonAsync("select raw_event_type, campaign_external_id from app.webhook_log where id = @failed", new { failed }))
            .AssertIncludes(new { raw_event_type = "Deal won", campaign_external_id = "c-1" });
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.lead where organization_id = @OrganizationId and status = 'converted'", endpoint));
        await AssertTalliesAsync(endpoint.OrganizationId);
        await (await owner.PostAsync(RetryOf(ignored), null)).ProblemAsync(HttpStatusCode.Conflict, "webhook_already_processed");
    }

    [Fact]
    public async Task Ignored_logs_are_retried_in_bulk_and_those_that_stay_unknown_are_ignored_again()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        var known = await DeliverAsync(
            endpoint, """{"event_type": "DEAL_WON", "timestamp": "2026-01-15T09:32:00Z", "email": "joe@acme.example"}""");
        var unknown = await DeliverAsync(
            endpoint, """{"event_type": "DEAL_LOST", "timestamp": "2026-01-15T09:32:00Z", "email": "joe@acme.example"}""");
        await (await PutAsync(owner, endpoint, Settings)).DataAsync();

        var answer = await (await owner.PostTextAsync("/api/admin/webhooks/logs/bulk-retry", """{"filter": {"status": ["ignored"]}}""")).JsonAsync();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(2, answer.GetProperty("success_count").GetInt32());
        Assert.Equal("lead.closed processed joe@acme.example", await StateAsync(known));
        Assert.Equal("deal_lost ignored joe@acme.example", await StateAsync(unknown));
        await EndMinuteAsync(endpoint);
        await (await owner.PostAsync(RetryOf(unknown), null)).ProblemAsync(HttpStatusCode.Conflict, "webhook_already_processed");
        Assert.Equal(
            "ignored",
            (await (await owner.PostTextAsync(RetryOf(unknown), """{"force": true}""")).DataAsync()).GetProperty("status").GetString());
        await AssertTalliesAsync(endpoint.OrganizationId);
    }

    [Fact]
    public async Task Ignored_log_whose_type_is_known_by_now_is_retried()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        var id = await DeliverAsync(
            endpoint, """{"event_type": "emailsReplied", "timestamp": "2026-01-15T09:32:00Z", "email": "joe@acme.example"}""");
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        // As a version that did not know the name left it.
        await app.ExecuteAsync("""
            delete from app.activity where webhook_log_id = @id;
            update app.webhook_log set status = 'ignored', event_type = 'emailsreplied', processed_at = null where id = @id
            """, new { id });

        var retried = await (await owner.PostAsync(RetryOf(id), null)).DataAsync();

        Assert.Equal("processed", retried.GetProperty("status").GetString());
        Assert.Equal("email.replied processed joe@acme.example", await StateAsync(id));
        await AssertTalliesAsync(endpoint.OrganizationId);
    }

    [Fact]
    public async Task Sample_event_is_read_by_them_too()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var owner = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        await (await PutAsync(owner, endpoint, """{"type_aliases": {"email.replied": "lead.interested"}}""")).DataAsync();

        var tested = await (await owner.PostTextAsync(endpoint.Path + "/test", "{}")).DataAsync();

        Assert.Equal("lead.interested", await app.QuerySingleAsync<string>(
            "select event_type from app.webhook_log where id = @id", new { id = tested.GetProperty("log_id").GetGuid() }));
    }

    private static string RetryOf(Guid logId) => $"/api/admin/webhooks/logs/{logId}/retry";

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, TestEndpoint endpoint, string change) =>
        client.PutAsync(endpoint.Path, new StringContent(change, Encoding.UTF8, "application/json"));

    private async Task<Guid> DeliverAsync(TestEndpoint endpoint, string body) =>
        (await (await app.DeliverAsync(endpoint, body)).DataAsync()).GetProperty("id").GetGuid();

    /// <summary>Logs of the minute around a change can be retried again: as if that had passed.</summary>
    private Task EndMinuteAsync(TestEndpoint endpoint) => app.ExecuteAsync(
        "update app.webhook_endpoint set reading_changed_at = now() - interval '1 hour' where id = @Id", new { endpoint.Id });

    private Task<string> StateAsync(Guid id) => app.QuerySingleAsync<string>(
        "select concat_ws(' ', event_type, status, coalesce(contact_email, '')) from app.webhook_log where id = @id", new { id });

    /// <summary>The tallies count what the logs are.</summary>
    private async Task AssertTalliesAsync(Guid organization)
    {
        await app.ExecuteAsync("select app.fold_tally_changes(1000000)");
        Assert.Equal(
            await app.QueryAsync<string>("""
                select event_type || ' ' || count(*) from app.webhook_log where organization_id = @organization group by event_type
                union all select status || ' ' || count(*) from app.webhook_log where organization_id = @organization group by status order by 1
                """, new { organization }),
            await app.QueryAsync<string>("""
                select e.key || ' ' || sum(e.value::bigint) from app.webhook_log_tally t cross join jsonb_each_text(t.by_type) e
                where t.organization_id = @organization and t.period = 'day' group by e.key
                union all
                select s.status || ' ' || s.total from app.webhook_log_tally t
                cross join lateral (values ('processed', t.processed), ('ignored', t.ignored), ('failed', t.failed), ('dead', t.dead), ('pending', t.pending)) s (status, total)
                where t.organization_id = @organization and t.period = 'ever' and s.total > 0
                order by 1
                """, new { organization }));
    }
}
