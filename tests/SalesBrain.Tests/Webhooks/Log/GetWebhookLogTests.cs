using System.Net;
using System.Text;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class GetWebhookLogTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs/";

    [Theory]
    [InlineData("read_only")]
    [InlineData("sb_operator")]
    public async Task Log_comes_with_payload_attempts_activity_and_lead(string role)
    {
        var organization = await app.CreateOrganizationAsync();
        var user = await app.CreateUserAsync(role, role == "sb_operator" ? null : organization);
        var admin = await app.CreateUserAsync("admin", organization);
        var campaign = await app.CreateCampaignAsync(organization, "Q3");
        var contact = await app.CreateContactAsync(organization, "ann@example.com");
        var lead = await app.CreateLeadAsync(organization, contact, campaign, "responded");
        const string Body = """{"event_type": "reply_received", "lead_email": "ann@example.com", "firstName": "Ann"}""";
        var id = await app.CreateWebhookLogAsync(
            organization, eventType: "email.replied", contactEmail: "ann@example.com", contactId: contact, campaignId: campaign,
            body: null);
        await app.AddWebhookPayloadAsync(
            organization, id, Encoding.UTF8.GetBytes(Body), """{"user-agent": "Instantly", "authorization": "[redacted]"}""");
        await app.ExecuteAsync("""
            insert into app.activity (organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
            values (@organization, @id, 'email.replied', @contact, @campaign, @lead, @at, '{"subject": "Re: hello"}', @at);
            insert into app.webhook_attempt (organization_id, log_id, log_created_at, kind, at, duration_ms, error_code, error_message, actor_id)
            values (@organization, @id, @at, 'failure', @at, 12, 'processing_failed', 'It failed.', null),
                (@organization, @id, @at, 'retry_requested', @at + interval '5 ms', null, null, null, @actor);
            """, new { organization, id, contact, campaign, lead, at = WebhookLogIds.CreatedAt(id), actor = admin.Id });

        var log = await (await app.As(user).GetAsync(Path + id)).DataAsync();

        Assert.Equal(id, log.GetProperty("id").GetGuid());
        Assert.Equal("Q3", log.GetProperty("campaign_name").GetString());
        var payload = log.GetProperty("payload");
        Assert.Equal("application/json", payload.GetProperty("content_type").GetString());
        Assert.Equal("Instantly", payload.GetProperty("headers").GetProperty("user-agent").GetString());
        Assert.Equal(Body.Length, payload.GetProperty("size").GetInt32());
        Assert.Equal(Body, Encoding.UTF8.GetString(payload.GetProperty("body_base64").GetBytesFromBase64()));
        Assert.Equal(Body, payload.GetProperty("body_text").GetString());
        Assert.Equal("Ann", payload.GetProperty("body_json").GetProperty("firstName").GetString());
        var attempts = log.GetProperty("attempts").EnumerateArray().ToArray();
        Assert.Equal(["failure", "retry_requested", "success"], attempts.Select(attempt => attempt.GetProperty("kind").GetString()));
        attempts[0].AssertIncludes(new { DurationMs = 12, ErrorCode = "processing_failed", ErrorMessage = "It failed." });
        attempts[1].AssertIncludes(new { ActorId = admin.Id, ActorEmail = admin.Email });
        Assert.Equal(log.GetProperty("processed_at").GetString(), attempts[2].GetProperty("at").GetString());
        Assert.Equal(20, attempts[2].GetProperty("duration_ms").GetInt32());
        Assert.Equal("email.replied", log.GetProperty("activity").GetProperty("activity_type").GetString());
        Assert.Equal("Re: hello", log.GetProperty("activity").GetProperty("details").GetProperty("subject").GetString());
        log.AssertIncludes(new { Lead = new { Id = lead, Status = "responded" } });
    }

    [Fact]
    public async Task Log_without_anything_beside_it_is_shown_all_the_same()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "dead", body: null);

        var log = await (await app.As(owner).GetAsync(Path + id)).DataAsync();

        Assert.Equal("dead", log.GetProperty("status").GetString());
        Assert.Empty(log.GetProperty("attempts").EnumerateArray());
        Assert.All(new[] { "payload", "activity", "lead" }, name => Assert.Equal(JsonValueKind.Null, log.GetProperty(name).ValueKind));
    }

    [Theory]
    [InlineData("""{"a": "\u0000", "b": "\ud800", "\udc00c": [1e400, 1]}""", true, true)]
    [InlineData("""{"a": 1, "a": 2}""", true, true)]
    [InlineData("a=1&b=2", true, false)]
    [InlineData("", true, false)]
    [InlineData("{\"a\": \"\u0001\"}", true, false)]
    public async Task Whatever_was_received_is_shown(string body, bool isText, bool isJson)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, body: body);

        using var response = await app.As(owner).GetAsync(Path + id);

        var raw = await response.Content.ReadAsStringAsync();
        var payload = (await response.DataAsync()).GetProperty("payload");
        Assert.Equal(isText, payload.GetProperty("body_text").ValueKind == JsonValueKind.String);
        Assert.Equal(body, payload.GetProperty("body_text").GetString());
        Assert.Equal(isJson ? JsonValueKind.Object : JsonValueKind.Null, payload.GetProperty("body_json").ValueKind);
        Assert.Contains("\"body_json\":" + (isJson ? body : "null"), raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_shown_as_bytes()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, body: null);
        byte[] body = [(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}'];
        await app.AddWebhookPayloadAsync(owner.OrganizationId.Value, id, body);

        var payload = (await (await app.As(owner).GetAsync(Path + id)).DataAsync()).GetProperty("payload");

        Assert.Equal(body, payload.GetProperty("body_base64").GetBytesFromBase64());
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("body_text").ValueKind);
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("body_json").ValueKind);
    }

    [Fact]
    public async Task Senders_names_stay_as_they_are_in_camel_case()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, body: """{"lead_email": {"first_name": 1}}""");
        var client = app.As(owner);
        client.DefaultRequestHeaders.Add("Accept", "application/json; case=camel");

        var payload = (await (await client.GetAsync(Path + id)).DataAsync()).GetProperty("payload");

        Assert.Equal("""{"lead_email": {"first_name": 1}}""", payload.GetProperty("bodyJson").GetRawText());
    }

    [Fact]
    public async Task Log_of_another_organization_returns_the_same_404_as_an_unknown_id()
    {
        var owner = await app.CreateUserAsync("owner");
        var other = await app.CreateWebhookLogAsync(await app.CreateOrganizationAsync());
        var bodies = new List<string>();
        foreach (var id in new[] { other, Guid.CreateVersion7(), Guid.NewGuid(), Guid.Empty })
        {
            using var response = await app.As(owner).GetAsync(Path + id);
            var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
            bodies.Add(problem.GetRawText().Replace(problem.GetProperty("trace_id").GetRawText(), "", StringComparison.Ordinal));
        }
        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task Malformed_id_is_404_and_roles_below_an_organization_are_refused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await app.As(await app.CreateUserAsync("owner")).GetAsync(Path + "7")).StatusCode);

        using var response = await app.As(await app.CreateUserAsync("agency_admin")).GetAsync(Path + Guid.NewGuid());
        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }
}
