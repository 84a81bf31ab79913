using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

public sealed class ReceiveWebhookTests(TestApp app)
{
    [Fact]
    public async Task First_reply_fills_the_product()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var body = Deliveries.Fixture("reply_received");

        var data = await app.DeliverAsync(endpoint, body);
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.False(data.GetProperty("duplicate").GetBoolean());
        var logId = data.GetProperty("id").GetGuid();
        var log = await app.QuerySingleJsonAsync(
            "select status, event_type, campaign_id, contact_id, occurred_at from app.webhook_log where id = @logId", new { logId });
        var occurred = new DateTime(2025, 6, 9, 16, 4, 40, 963, DateTimeKind.Utc);
        log.AssertIncludes(new { status = "processed", event_type = "email.replied", occurred_at = occurred });
        var (campaign, contact) = (log.GetProperty("campaign_id").GetGuid(), log.GetProperty("contact_id").GetGuid());
        (await app.QuerySingleJsonAsync("select name, external_id, source, status from app.campaign where id = @campaign", new { campaign })).AssertIncludes(
            new { name = "signup_urgent", external_id = "4ea94d08-0000-4000-8000-000000000002", source = "instantly", status = "active" });
        (await app.QuerySingleJsonAsync("select email, first_name, phone from app.contact where id = @contact", new { contact }))
            .AssertIncludes(new { email = "lead@example.org", first_name = "John", phone = "+27000000000" });
        var lead = await app.QuerySingleJsonAsync(
            "select id, status, replied_count from app.lead where contact_id = @contact and campaign_id = @campaign",
            new { contact, campaign });
        lead.AssertIncludes(new { status = "responded", replied_count = 1 });
        Assert.Equal(
            lead.GetProperty("id").GetGuid(),
            await app.QuerySingleAsync<Guid>("select lead_id from app.activity where webhook_log_id = @logId", new { logId }));
        Assert.Equal(
            Encoding.UTF8.GetBytes(body),
            await app.QuerySingleAsync<byte[]>("select body from app.webhook_payload where log_id = @logId", new { logId }));
    }

    [Theory]
    [InlineData("email_sent")]
    [InlineData("reply_received")]
    [InlineData("reply_received_custom_variables")]
    [InlineData("link_clicked")]
    [InlineData("campaign_completed")]
    public async Task Same_event_again_in_other_clothes_is_one_row_and_one_effect(string fixture)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var json = JsonNode.Parse(Deliveries.Fixture(fixture))!.AsObject();
        var reversed = new JsonObject(json.Reverse().Select(member => KeyValuePair.Create(
            member.Key,
            member.Key is "lead_email" or "email" ? JsonValue.Create(member.Value!.GetValue<string>().ToUpperInvariant()) : member.Value?.DeepClone())))
        {
            ["event_type_"] = "a custom variable",
        };

        var first = await app.DeliverAsync(endpoint, json.ToJsonString());
        var again = await app.DeliverAsync(endpoint, reversed.ToJsonString());
        await Parallel.ForEachAsync(Enumerable.Range(0, 50), new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            var data = await app.DeliverAsync(endpoint, (i % 2 == 0 ? json : reversed).ToJsonString());
            Assert.True(data.GetProperty("duplicate").GetBoolean());
            Assert.Equal(first.GetProperty("id").GetGuid(), data.GetProperty("id").GetGuid());
        });
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.True(again.GetProperty("duplicate").GetBoolean());
        (await app.QuerySingleJsonAsync(
            "select count(*) as logs, max(delivery_count) as deliveries from app.webhook_log where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { logs = 1, deliveries = 52 });
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*) from app.activity where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Same_new_event_fifty_times_at_once_is_one_row_and_one_effect()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var body = Deliveries.Fixture("reply_received");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.DeliverAsync(endpoint, body)));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Single(answers.Select(data => data.GetProperty("id").GetGuid()).Distinct());
        Assert.Single(answers, data => !data.GetProperty("duplicate").GetBoolean());
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select replied_count from app.lead where organization_id = @OrganizationId", endpoint));
        (await app.QuerySingleJsonAsync("""
            select sum(replied) as replied, sum(replied_leads) as replied_leads, sum(leads) as leads
            from app.campaign_counter where organization_id = @OrganizationId
            """, endpoint)).AssertIncludes(new { replied = 1, replied_leads = 1, leads = 1 });
    }

    [Fact]
    public async Task Array_is_one_log_per_element()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var elements = Enumerable.Range(0, 500)
            .Select(i => Deliveries.Event("email_sent", $"lead{i}@example.org"));

        var data = await app.DeliverAsync(endpoint, $"[{string.Join(',', elements)}]");
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(500, data.GetArrayLength());
        Assert.Equal(500, await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_log where organization_id = @OrganizationId and status = 'processed'", endpoint));
        (await app.QuerySingleJsonAsync(
            "select sum(leads) as leads, sum(contacted) as contacted from app.campaign_counter where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { leads = 500, contacted = 500 });
    }

    [Theory]
    [InlineData("", 400, "not_json", "not_json")]
    [InlineData("hello", 400, "not_json", "not_json")]
    [InlineData("{\"event_type\": \"email_sent\"", 400, "not_json", "not_json")]
    [InlineData("42", 400, "not_an_object", "not_json")]
    [InlineData("[{}, 1]", 400, "not_an_object", "not_json")]
    public async Task Body_that_is_no_event_is_refused_and_kept(string body, int status, string code, string cause)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        using var response = await app.Http.PostTextAsync(endpoint.Path, body);

        await response.ProblemAsync((HttpStatusCode)status, code);
        var kept = await app.QuerySingleAsync<(string Cause, byte[] Body, string Diagnosis)>(
            "select cause, body, diagnosis from app.webhook_rejection where organization_id = @OrganizationId", endpoint);
        Assert.Equal(cause, kept.Cause);
        Assert.Equal(body, Encoding.UTF8.GetString(kept.Body));
        Assert.NotEmpty(kept.Diagnosis);
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Body_of_a_mebibyte_is_taken_and_one_byte_more_is_413_with_its_beginning_kept()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var fits = Padded(1024 * 1024);
        var tooLarge = Padded((1024 * 1024) + 1);

        await app.DeliverAsync(endpoint, fits);
        using var response = await app.Http.PostTextAsync(endpoint.Path, tooLarge);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        (await app.QuerySingleJsonAsync(
            "select cause, octet_length(body) as kept_size, body_size from app.webhook_rejection where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { cause = "too_large", kept_size = 65536, body_size = 1048577 });

        static string Padded(int length)
        {
            var body = Deliveries.Fixture("email_sent", ("filler", ""));
            return body.Replace("\"filler\":\"\"", $"\"filler\":\"{new string('x', length - body.Length)}\"", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Compressed_or_other_content_is_415_and_kept()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        using var gzip = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
        gzip.Headers.ContentType = new("application/json");
        gzip.Headers.ContentEncoding.Add("gzip");

        using var compressed = await app.Http.PostAsync(endpoint.Path, gzip);
        using var xml = await app.Http.PostTextAsync(endpoint.Path, "{}", "application/xml");

        await compressed.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await xml.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal(["unsupported_type", "unsupported_type"], await app.QueryAsync<string>(
            "select cause from app.webhook_rejection where organization_id = @OrganizationId", endpoint));
    }

    [Theory]
    [InlineData("""{"event_type":"reply_received","lead_email":"nul@example.org","campaign_id":"c","firstName":"a\u0000b"}""")]
    [InlineData("""{"event_type":"reply_received","lead_email":"half@example.org","campaign_id":"c","firstName":"a\ud800b"}""")]
    [InlineData("""{"event_type":"email_sent","event_type":"reply_received","lead_email":"twice@example.org","campaign_id":"c","firstName":"a\ufffdb"}""")]
    public async Task Odd_characters_and_doubled_members_lose_no_event(string body)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await app.DeliverAsync(endpoint, body);
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        (await app.QuerySingleJsonAsync("""
            select l.status, l.event_type, c.first_name from app.webhook_log l join app.contact c on c.id = l.contact_id
            where l.organization_id = @OrganizationId
            """, endpoint)).AssertIncludes(new { status = "processed", event_type = "email.replied", first_name = "a\ufffdb" });
        Assert.Equal(body, Encoding.UTF8.GetString(await app.QuerySingleAsync<byte[]>(
            "select body from app.webhook_payload where organization_id = @OrganizationId", endpoint)));
    }

    [Fact]
    public async Task Nesting_beyond_reason_is_400()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        using var response = await app.Http.PostTextAsync(
            endpoint.Path, "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}");

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "not_json");
        Assert.Contains("64 levels", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chinese_label_becomes_the_interest()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        await app.DeliverAsync(endpoint, Deliveries.Fixture("reply_received", ("event_type", "很感兴趣")));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        (await app.QuerySingleJsonAsync("select interest, interest_label from app.lead where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { interest = "label", interest_label = "很感兴趣" });
    }

    [Fact]
    public async Task Unknown_type_is_acknowledged_and_ignored()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());

        var data = await app.DeliverAsync(endpoint, Deliveries.Fixture("email_sent", ("event_type", "email_teleported")));

        Assert.Equal("ignored", data.GetProperty("status").GetString());
        (await app.QuerySingleJsonAsync("select status, event_type from app.webhook_log where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { status = "ignored", event_type = "email_teleported" });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("9999-12-31T23:59:59.999Z")]
    [InlineData("yesterday")]
    public async Task Timestamp_that_cannot_be_believed_counts_as_received_now(string? timestamp)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var body = Deliveries.Fixture("email_sent", ("timestamp", timestamp));

        var first = await app.DeliverAsync(endpoint, body);
        var second = await app.DeliverAsync(endpoint, body);
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.False(first.GetProperty("duplicate").GetBoolean());
        Assert.True(second.GetProperty("duplicate").GetBoolean());
        Assert.True(await app.QuerySingleAsync<bool>(
            "select bool_and(occurred_at = created_at) from app.webhook_log where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Form_becomes_an_event()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "zapier");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["event_type"] = "email.replied",
            ["email"] = "form@example.org",
            ["campaign_id"] = "zap-1",
            ["timestamp"] = "2026-01-31T09:30:00Z",
        });

        using var response = await app.Http.PostAsync(endpoint.Path, form);
        await response.DataAsync();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        (await app.QuerySingleJsonAsync("select status, contact_email from app.webhook_log where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { status = "processed", contact_email = "form@example.org" });
    }

    [Theory]
    [InlineData("X-Webhook-Token", "")]
    [InlineData("Authorization", "Bearer ")]
    public async Task Token_may_come_in_a_header(string header, string prefix)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/instantly")
        {
            Content = new StringContent(Deliveries.Fixture("email_sent"), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, prefix + endpoint.Path.Split('/')[^1]);

        using var response = await app.Http.SendAsync(request);

        Assert.False((await response.DataAsync()).GetProperty("duplicate").GetBoolean());
    }

    [Theory]
    [InlineData("/api/webhooks/instantly/unknown")]
    [InlineData("/api/webhooks/instantly")]
    [InlineData("/api/webhooks/manual/unknown")]
    [InlineData("/api/webhooks/nothing/unknown")]
    public async Task Unknown_token_or_source_is_404(string path)
    {
        using var response = await app.Http.PostTextAsync(path, "{}");

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Token_of_another_source_is_404()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "n8n");

        using var response = await app.Http.PostTextAsync(endpoint.Path.Replace("n8n", "instantly", StringComparison.Ordinal), "{}");

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Disabling_deleting_and_suspending_take_effect_at_once_though_the_endpoint_is_cached()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        await app.DeliverAsync(endpoint, Deliveries.Fixture("email_sent"));

        await app.ExecuteAsync("update app.organization set status = 'suspended' where id = @OrganizationId", endpoint);
        await (await Again()).ProblemAsync(HttpStatusCode.Forbidden, "organization_suspended");
        await app.ExecuteAsync("update app.organization set status = 'active' where id = @OrganizationId", endpoint);
        await (await Again()).DataAsync();

        await app.ExecuteAsync("update app.webhook_endpoint set status = 'disabled', version = version + 1 where id = @Id", endpoint);
        await (await Again()).ProblemAsync(HttpStatusCode.Forbidden, "webhook_endpoint_disabled");
        Assert.Equal(["disabled", "disabled"], await app.QueryAsync<string>(
            "select cause from app.webhook_rejection where organization_id = @OrganizationId", endpoint));

        await app.ExecuteAsync("update app.webhook_endpoint set deleted_at = now(), version = version + 1 where id = @Id", endpoint);
        await (await Again()).ProblemAsync(HttpStatusCode.NotFound, "not_found");

        Task<HttpResponseMessage> Again() =>
            app.Http.PostTextAsync(endpoint.Path, Deliveries.Fixture("email_sent", ("timestamp", DateTime.UtcNow.ToString("O"))));
    }
}
