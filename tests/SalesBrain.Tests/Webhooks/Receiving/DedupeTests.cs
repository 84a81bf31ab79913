using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>Different content is never lost, and what was not verified never suppresses what was.</summary>
[Collection(SerialApp.Collection)]
public sealed class DedupeTests(SerialApp app)
{
    private const string WithoutTime = """{"event_type": "email.opened", "email": "somebody@example.org", "campaign_id": "c-1"}""";

    [Theory]
    [InlineData("P14-two-replies-whose-time-was-never-set")]
    [InlineData("P16-two-links-clicked-within-one-second")]
    [InlineData("P17-one-id-for-sent-opened-and-replied")]
    public async Task Public_case_is_received_as_it_expects(string name)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var steps = JsonNode.Parse(PublicCase(name).Replace("%N%", "1", StringComparison.Ordinal))!["input"]!["steps"]!.AsArray();

        foreach (var step in steps)
        {
            var headers = step!["headers"]?.AsObject().Select(header => (header.Key, header.Value!.GetValue<string>())) ?? [];
            var data = await app.DeliverAsync(endpoint.Path, step["body"]!.ToJsonString(), headers);
            Assert.Equal(step["expect"]!["duplicate"]!.GetValue<bool>(), data.GetProperty("duplicate").GetBoolean());
        }

        Assert.Equal(steps.Count, await CountAsync(endpoint.OrganizationId));
    }

    [Theory]
    [InlineData("idempotency-key")]
    [InlineData("webhook-id")]
    [InlineData("svix-id")]
    public async Task Signed_body_under_another_unsigned_id_is_a_duplicate(string header)
    {
        // P19.
        var keys = JsonNode.Parse(PublicCase("P19-signed-body-replayed-under-another-unsigned-id"))!["input"]!["keys"]!.AsArray()
            .Select(key => key?.GetValue<string>());
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync(), mode: "hmac");
        foreach (var body in (string[])[EndpointWorld.SomeEvent(1), WithoutTime])
        {
            var receipts = new List<JsonElement>();
            foreach (var key in keys)
            {
                receipts.Add(await DeliverAsync(endpoint, body, key is null ? [] : [(header, key)]));
            }

            Assert.Equal([false, true, true], receipts.Select(IsDuplicate));
        }
    }

    [Fact]
    public async Task Signed_id_counts_and_an_unsigned_one_beside_it_does_not()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync(), mode: "standard_webhooks");
        var body = EndpointWorld.SomeEvent(1);
        var signed = endpoint.Sign(body, DateTimeOffset.UtcNow).ToArray();
        var svix = signed.Select(header => (header.Name.Replace("webhook-", "svix-", StringComparison.Ordinal), header.Value)).ToArray();

        var first = await app.DeliverAsync(PathOf(endpoint), body, [.. signed, ("idempotency-key", "a")]);
        var replayed = await app.DeliverAsync(PathOf(endpoint), body, [.. signed, ("idempotency-key", "b"), ("svix-id", "c")]);
        var alias = await app.DeliverAsync(PathOf(endpoint), body, svix);
        var another = await DeliverAsync(endpoint, body);

        Assert.Equal([false, true, true, false], new[] { first, replayed, alias, another }.Select(IsDuplicate));
    }

    [Fact]
    public async Task What_was_not_verified_suppresses_nothing_that_was()
    {
        var organization = await app.CreateOrganizationAsync();
        var tokenOnly = await app.CreateEndpointAsync(organization);
        var verified = await app.CreateEndpointAsync(organization, mode: "header");
        var body = EndpointWorld.SomeEvent(1);

        var guess = await DeliverAsync(tokenOnly, body);
        var real = await DeliverAsync(verified, body);

        Assert.Equal(
            [false, false, true, true],
            new[] { guess, real, await DeliverAsync(tokenOnly, body), await DeliverAsync(verified, body) }.Select(IsDuplicate));
        Assert.NotEqual(guess.GetProperty("id").GetGuid(), real.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Id_that_is_used_again_for_other_content_is_marked()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");

        var first = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(1), ("Idempotency-Key", "delivery-1"));
        var again = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(1), ("Idempotency-Key", "delivery-1"));
        var reused = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(2), ("Idempotency-Key", "delivery-1"));
        var other = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(2), ("Idempotency-Key", "delivery-2"));
        var none = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(3), ("Idempotency-Key", "undefined"));
        var noneEither = await app.DeliverAsync(endpoint.Path, EndpointWorld.SomeEvent(4), ("Idempotency-Key", "undefined"));

        Assert.Equal(
            [false, true, false, false, false, false], new[] { first, again, reused, other, none, noneEither }.Select(IsDuplicate));
        var marked = reused.GetProperty("id").GetGuid();
        using var client = app.As(owner);
        var logs = (await (await client.GetAsync("/api/admin/webhooks/logs")).DataAsync()).GetProperty("logs").EnumerateArray().ToList();
        Assert.Equal(5, logs.Count);
        Assert.Equal([marked], logs.Where(log => log.GetProperty("id_reused").GetBoolean()).Select(log => log.GetProperty("id").GetGuid()));
        Assert.True(
            (await (await client.GetAsync($"/api/admin/webhooks/logs/{marked}")).DataAsync()).GetProperty("id_reused").GetBoolean());
    }

    [Fact]
    public async Task Elements_of_an_array_share_its_id_without_reusing_it()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");

        var data = await app.DeliverAsync(
            endpoint.Path, $"[{EndpointWorld.SomeEvent(1)},{EndpointWorld.SomeEvent(2)},{EndpointWorld.SomeEvent(1)}]",
            ("webhook-id", "msg_1"));
        var longer = await app.DeliverAsync(
            endpoint.Path, $"[{EndpointWorld.SomeEvent(2)},{EndpointWorld.SomeEvent(3)}]", ("webhook-id", "msg_1"));

        Assert.Equal([false, false, true], data.EnumerateArray().Select(IsDuplicate));
        Assert.Equal([true, false], longer.EnumerateArray().Select(IsDuplicate));
        Assert.Equal([longer[1].GetProperty("id").GetGuid()], await app.QueryAsync<Guid>(
            "select id from app.webhook_log where organization_id = @OrganizationId and id_reused", endpoint));
    }

    [Fact]
    public async Task Without_a_time_only_the_same_bytes_at_the_same_endpoint_within_ten_minutes_are_a_duplicate()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization, "custom");
        var other = await app.CreateTokenEndpointAsync(organization, "custom");

        var first = await app.DeliverAsync(endpoint, WithoutTime);
        var again = await app.DeliverAsync(endpoint, WithoutTime);
        var reordered = await app.DeliverAsync(
            endpoint, """{"email": "somebody@example.org", "event_type": "email.opened", "campaign_id": "c-1"}""");
        var elsewhere = await app.DeliverAsync(other, WithoutTime);
        var array = await app.DeliverAsync(endpoint, $"[{WithoutTime}, {WithoutTime.Replace("c-1", "c-2", StringComparison.Ordinal)}]");
        await app.ExecuteAsync(
            "update app.webhook_receipt set expires_at = expires_at - interval '10 minutes' where organization_id = @organization",
            new { organization });
        var later = await app.DeliverAsync(endpoint, WithoutTime);
        var laterAgain = await app.DeliverAsync(endpoint, WithoutTime);

        Assert.Equal([false, true, false, false], new[] { first, again, reordered, elsewhere }.Select(IsDuplicate));
        Assert.Equal([true, false], array.EnumerateArray().Select(IsDuplicate));
        Assert.Equal([false, true], new[] { later, laterAgain }.Select(IsDuplicate));
        Assert.Equal(later.GetProperty("id").GetGuid(), laterAgain.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Deliveries_at_once_over_many_connections_are_counted_exactly_and_told_the_true_status()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        using var client = app.As(owner);
        for (var round = 0; round < 6; round++)
        {
            // A type without effects stays ignored, whichever delivery is looked at.
            var body = EndpointWorld.SomeEvent(round).Replace("email.opened", "tool.pinged", StringComparison.Ordinal);
            // An array of its own commit and single deliveries: both writers meet.
            var filler = Enumerable.Range(0, 150).Select(i => $$"""{"event_type": "tool.pinged", "n": {{(round * 1000) + i}}}""");
            var array = app.DeliverAsync(endpoint, $"[{string.Join(',', filler)},{body}]");
            var receipts = await Task.WhenAll(Enumerable.Range(0, 49).Select(_ => app.DeliverAsync(endpoint, body)));
            List<JsonElement> all = [.. receipts, (await array)[150]];

            Assert.Single(all, receipt => !IsDuplicate(receipt));
            var id = Assert.Single(all.Select(receipt => receipt.GetProperty("id").GetGuid()).Distinct());
            Assert.All(all, receipt => Assert.Equal("ignored", receipt.GetProperty("status").GetString()));
            var log = await (await client.GetAsync($"/api/admin/webhooks/logs/{id}")).DataAsync();
            Assert.Equal(50, log.GetProperty("delivery_count").GetInt32());
            Assert.True(log.GetProperty("last_delivered_at").GetDateTime() >= log.GetProperty("created_at").GetDateTime());
        }
    }

    [Fact]
    public async Task Duplicate_of_a_dead_or_deleted_log_says_so()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var first = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));
        var id = first.GetProperty("id").GetGuid();

        await app.UntilProcessedAsync(endpoint.OrganizationId);
        await app.ExecuteAsync("update app.webhook_log set status = 'dead' where id = @id", new { id });
        var dead = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));
        await app.ExecuteAsync("delete from app.webhook_log where id = @id", new { id });
        var deleted = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));

        Assert.Equal(["dead", "deleted"], new[] { dead, deleted }.Select(receipt => receipt.GetProperty("status").GetString()));
        Assert.All(new[] { dead, deleted }, receipt => Assert.True(IsDuplicate(receipt)));
        Assert.All(new[] { dead, deleted }, receipt => Assert.Equal(id, receipt.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Overlapping_arrays_in_other_orders_are_counted_once_each()
    {
        // P29.
        Assert.Contains(
            "counted once, no failure, no deadlock", PublicCase("P29-same-event-twice-in-one-array-overlapping-arrays-i"),
            StringComparison.Ordinal);
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var events = Enumerable.Range(0, 40).Select(EndpointWorld.SomeEvent).ToArray();
        var random = new Random(1);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var shuffled = events.ToArray();
            random.Shuffle(shuffled);
            return await app.DeliverAsync(endpoint.Path, $"[{string.Join(',', shuffled)},{shuffled[0]}]", ("webhook-id", "msg_1"));
        }));

        Assert.Equal(40, receipts.SelectMany(receipt => receipt.EnumerateArray()).Count(receipt => !IsDuplicate(receipt)));
        (await app.QuerySingleJsonAsync(
            "select count(*) as logs, sum(delivery_count) as deliveries from app.webhook_log where organization_id = @OrganizationId", endpoint))
            .AssertIncludes(new { logs = 40, deliveries = 20 * 41 });
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("deadlock", StringComparison.OrdinalIgnoreCase));
    }

    private static string PublicCase(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", name + ".json"));

    private static bool IsDuplicate(JsonElement receipt) => receipt.GetProperty("duplicate").GetBoolean();

    private static string PathOf(TestEndpoint endpoint) => $"/api/webhooks/{endpoint.Source}/{endpoint.Token}";

    private Task<JsonElement> DeliverAsync(TestEndpoint endpoint, string body, params IEnumerable<(string Name, string Value)> headers) =>
        app.DeliverAsync(PathOf(endpoint), body, [.. endpoint.Sign(body, DateTimeOffset.UtcNow), .. headers]);

    private Task<int> CountAsync(Guid organization) =>
        app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @organization", new { organization });
}
