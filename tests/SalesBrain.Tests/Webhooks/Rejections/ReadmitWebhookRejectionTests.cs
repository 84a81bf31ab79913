using System.IO.Compression;
using System.Net;
using System.Text;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Rejections;

public sealed class ReadmitWebhookRejectionTests(TestApp app)
{
    [Fact]
    public async Task Refused_delivery_gets_its_effects()
    {
        var (endpoint, owner) = await CreateAsync();
        var body = Deliveries.Fixture("reply_received");
        var id = await app.RefuseAsync(endpoint, Encoding.UTF8.GetBytes(body), headers: [("X-Request-Id", "42")]);

        var data = await (await ReadmitAsync(owner, id)).DataAsync();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        var log = data.GetProperty("logs").EnumerateArray().Single();
        log.AssertIncludes(new { status = "pending", duplicate = false });
        var logId = log.GetProperty("id").GetGuid();
        (await app.QuerySingleJsonAsync("select endpoint_id, status, event_type from app.webhook_log where id = @logId", new { logId }))
            .AssertIncludes(new { endpoint_id = endpoint.Id, status = "processed", event_type = "email.replied" });
        var (stored, requestId) = await app.QuerySingleAsync<(byte[], string)>(
            "select body, headers ->> 'x-request-id' from app.webhook_payload where log_id = @logId", new { logId });
        Assert.Equal(body, Encoding.UTF8.GetString(stored));
        Assert.Equal("42", requestId);
        Assert.Equal("responded", await app.QuerySingleAsync<string>(
            "select status from app.lead where organization_id = @OrganizationId", new { endpoint.OrganizationId }));

        var (at, by, logs) = await app.QuerySingleAsync<(DateTime?, Guid?, Guid[])>(
            "select readmitted_at, readmitted_by, readmitted_log_ids from app.webhook_rejection where id = @id", new { id });
        Assert.Equal(data.GetProperty("readmitted_at").GetDateTime(), at!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(owner.Id, by);
        Assert.Equal([logId], logs);
        var changes = await app.QuerySingleAsync<string>(
            "select changes::text from app.audit_log where entity_id = @id and action = 'webhook_rejection.readmitted' "
            + "and actor_id = @actor",
            new { id, actor = owner.Id });
        Assert.Contains(logId.ToString(), changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_readmits_in_any_organization()
    {
        var (endpoint, _) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, EndpointWorld.SomeEvent());

        using var response = await ReadmitAsync(await app.CreateUserAsync("sb_operator"), id);

        Assert.Equal("pending", (await response.DataAsync()).GetProperty("logs")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Second_time_is_refused()
    {
        var (endpoint, owner) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, EndpointWorld.SomeEvent());
        using var first = await ReadmitAsync(owner, id);

        using var second = await ReadmitAsync(owner, id);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await second.ProblemAsync(HttpStatusCode.Conflict, "rejection_already_readmitted");
    }

    [Fact]
    public async Task Of_many_at_once_one_wins()
    {
        var (endpoint, owner) = await CreateAsync();
        // Without time and id nothing but the lock tells the attempts from several events.
        var id = await app.RefuseAsync(endpoint, """{"event_type": "email.opened", "email": "somebody@example.org"}""");

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadmitAsync(owner, id)));

        Assert.Single(responses, response => response.IsSuccessStatusCode);
        foreach (var loser in responses.Where(response => !response.IsSuccessStatusCode))
        {
            await loser.ProblemAsync(HttpStatusCode.Conflict, "rejection_already_readmitted");
        }
        (await app.QuerySingleJsonAsync(
            "select count(*) as logs, sum(delivery_count) as deliveries from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }))
            .AssertIncludes(new { logs = 1, deliveries = 1 });
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @id", new { id }));
    }

    [Fact]
    public async Task Retry_after_a_crash_before_recording_stores_no_duplicates()
    {
        var (endpoint, owner) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, """{"event_type": "email.opened", "email": "somebody@example.org"}""");
        using var first = await ReadmitAsync(owner, id);
        await app.ExecuteAsync(
            "update app.webhook_rejection set readmitted_at = null, readmitted_by = null, readmitted_log_ids = null where id = @id",
            new { id });

        using var second = await ReadmitAsync(owner, id);

        var log = (await second.DataAsync()).GetProperty("logs")[0];
        Assert.True(log.GetProperty("duplicate").GetBoolean());
        Assert.Equal((await first.DataAsync()).GetProperty("logs")[0].GetProperty("id").GetGuid(), log.GetProperty("id").GetGuid());
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }));
    }

    [Fact]
    public async Task Event_that_its_sender_delivered_again_meanwhile_is_a_duplicate()
    {
        var (endpoint, owner) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, EndpointWorld.SomeEvent());
        using var delivered = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());

        var log = (await (await ReadmitAsync(owner, id)).DataAsync()).GetProperty("logs")[0];

        Assert.True(log.GetProperty("duplicate").GetBoolean());
        Assert.Equal((await delivered.DataAsync()).GetProperty("id").GetGuid(), log.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Senders_own_id_counts_as_on_delivery()
    {
        var (endpoint, owner) = await CreateAsync();
        var body = """{"event_type": "email.opened", "email": "somebody@example.org"}""";
        var id = await app.RefuseAsync(endpoint, Encoding.UTF8.GetBytes(body), headers: [("Idempotency-Key", "evt-1")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/custom/{endpoint.Token}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-Test", endpoint.Secret);
        request.Headers.Add("Idempotency-Key", "evt-1");
        using var delivered = await app.Http.SendAsync(request);

        var log = (await (await ReadmitAsync(owner, id)).DataAsync()).GetProperty("logs")[0];

        Assert.True(log.GetProperty("duplicate").GetBoolean());
        Assert.Equal((await delivered.DataAsync()).GetProperty("id").GetGuid(), log.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Array_is_one_log_per_element()
    {
        var (endpoint, owner) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, $"[{EndpointWorld.SomeEvent(1)},{EndpointWorld.SomeEvent(2)}]");

        var data = await (await ReadmitAsync(owner, id)).DataAsync();

        Assert.Equal(2, data.GetProperty("logs").GetArrayLength());
        Assert.Equal(
            2,
            (await app.QuerySingleAsync<Guid[]>("select readmitted_log_ids from app.webhook_rejection where id = @id", new { id })).Length);
    }

    [Fact]
    public async Task Json_that_was_called_something_else_is_read_as_json()
    {
        var (endpoint, owner) = await CreateAsync();
        var id = await app.RefuseAsync(
            endpoint, Encoding.UTF8.GetBytes(EndpointWorld.SomeEvent()), "application/octet-stream", authenticated: true);
        Assert.Equal("unsupported_type", await CauseAsync(id));

        using var response = await ReadmitAsync(owner, id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        Assert.Equal(
            "processed",
            await app.QuerySingleAsync<string>("select status from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }));
    }

    [Fact]
    public async Task Unreadable_body_stays_refused()
    {
        var (endpoint, owner) = await CreateAsync();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(EndpointWorld.SomeEvent()));
        }
        var cut = $$"""{"event_type": "email.opened", "padding": "{{new string('a', Refusals.Kept)}}"}""";
        var cases = new (Guid Id, string Reason)[]
        {
            (await app.RefuseAsync(endpoint, "{\"event_type\":"u8.ToArray(), authenticated: true), "The body cannot be read: the body is not valid JSON"),
            (await app.RefuseAsync(endpoint, "[]"u8.ToArray(), authenticated: true), "The body cannot be read: the array is empty"),
            (await app.RefuseAsync(endpoint, "event_type=email.sent"u8.ToArray(), "application/octet-stream", authenticated: true), "The body cannot be read: the content type"),
            (await app.RefuseAsync(endpoint, cut), $"Only the first {Refusals.Kept} of the body's {cut.Length} bytes are stored."),
        };

        foreach (var (id, reason) in cases)
        {
            using var response = await ReadmitAsync(owner, id);
            var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "rejection_not_readmissible");
            Assert.StartsWith(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Null(
                await app.QuerySingleAsync<DateTime?>("select readmitted_at from app.webhook_rejection where id = @id", new { id }));
        }
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", new { endpoint.Id }));
    }

    [Theory]
    [InlineData("update app.webhook_endpoint set status = 'disabled' where id = @Id", "The webhook endpoint is disabled.")]
    [InlineData("update app.webhook_endpoint set deleted_at = now() where id = @Id", "The webhook endpoint was deleted.")]
    [InlineData("update app.organization set status = 'suspended' where id = @OrganizationId", "The organization is suspended.")]
    public async Task Inactive_endpoint_accepts_no_readmission(string change, string reason)
    {
        var (endpoint, _) = await CreateAsync();
        var id = await app.RefuseAsync(endpoint, EndpointWorld.SomeEvent());
        await app.ExecuteAsync(change, endpoint);

        using var response = await ReadmitAsync(await app.CreateUserAsync("sb_operator"), id);

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "rejection_not_readmissible");
        Assert.Equal(reason, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Delivery_to_a_disabled_endpoint_gets_in_once_it_is_enabled()
    {
        var (endpoint, owner) = await CreateAsync();
        await app.ExecuteAsync("update app.webhook_endpoint set status = 'disabled', version = version + 1 where id = @Id", endpoint);
        var id = await app.RefuseAsync(endpoint, Encoding.UTF8.GetBytes(EndpointWorld.SomeEvent()), authenticated: true);
        Assert.Equal("disabled", await CauseAsync(id));
        await app.ExecuteAsync("update app.webhook_endpoint set status = 'active', version = version + 1 where id = @Id", endpoint);

        using var response = await ReadmitAsync(owner, id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<(TestEndpoint Endpoint, TestUser Owner)> CreateAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header"), owner);
    }

    private async Task<HttpResponseMessage> ReadmitAsync(TestUser user, Guid id)
    {
        using var client = app.As(user);
        return await client.PostAsync($"{Refusals.Rejections}/{id}/readmit", null);
    }

    private Task<string> CauseAsync(Guid id) =>
        app.QuerySingleAsync<string>("select cause from app.webhook_rejection where id = @id", new { id });
}
