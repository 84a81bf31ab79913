using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>Headers of deliveries: stored once, bounded, and never a reason to lose one.</summary>
public sealed class DeliveryHeadersTests(TestApp app)
{
    [Fact]
    public async Task Headers_of_an_array_are_stored_once_and_shown_with_each_event()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        var events = Enumerable.Range(0, 50).Select(EndpointWorld.SomeEvent);

        // The first event is a duplicate: what the headers hang on must not be that one.
        await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(0));
        var receipts = await app.DeliverAsync(endpoint.Path, $"[{string.Join(',', events)}]", ("X-Request-Id", new string('r', 6000)));

        var (inPayloads, inDeliveries) = await app.QuerySingleAsync<(long, long)>("""
            select (select sum(pg_column_size(headers)) from app.webhook_payload where organization_id = @OrganizationId and delivery_id is not null),
                (select count(*) from app.webhook_delivery where organization_id = @OrganizationId)
            """, endpoint);
        Assert.InRange(inPayloads, 1, 50 * 50);
        Assert.Equal(1, inDeliveries);
        using var client = app.As(owner);
        foreach (var receipt in (JsonElement[])[receipts[1], receipts[49]])
        {
            Assert.Equal(
                6000, (await PayloadAsync(client, receipt)).GetProperty("headers").GetProperty("x-request-id").GetString()!.Length);
        }
    }

    [Fact]
    public async Task Headers_beyond_8_kib_and_long_content_types_are_left_out()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Path)
        {
            Content = new StringContent(EndpointWorld.SomeEvent(1)),
        };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; filler=" + new string('x', 9000));
        request.Headers.TryAddWithoutValidation("X-Request-Id", "r-1");

        using var response = await app.Http.SendAsync(request);

        using var client = app.As(owner);
        var payload = await PayloadAsync(client, await response.DataAsync());
        Assert.Equal("application/json", payload.GetProperty("content_type").GetString());
        Assert.Equal("1 of the headers, beyond 8 KiB", payload.GetProperty("headers").GetProperty("[left out]").GetString());
        Assert.Equal("r-1", payload.GetProperty("headers").GetProperty("x-request-id").GetString());
    }

    [Fact]
    public async Task Headers_of_an_array_go_with_the_last_of_its_payloads()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");
        var receipts = await app.DeliverAsync(endpoint, $"[{EndpointWorld.SomeEvent(1)},{EndpointWorld.SomeEvent(2)}]");
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        // Two days ago. The id of a log says when it was created, but the cleanup does not ask it.
        await app.ExecuteAsync("""
            select app.ensure_month_partitions(now() - interval '2 days', 1);
            update app.webhook_log set created_at = created_at - interval '2 days' where organization_id = @OrganizationId;
            update app.webhook_payload set created_at = created_at - interval '2 days' where organization_id = @OrganizationId;
            update app.webhook_delivery set created_at = created_at - interval '2 days' where organization_id = @OrganizationId;
            update app.webhook_log set status = 'failed', due_at = now() + interval '1 day' where id = @id;
            """, new { endpoint.OrganizationId, id = receipts[0].GetProperty("id").GetGuid() });

        await (await client.DeleteAsync("/api/admin/webhooks/logs/cleanup?days=1")).DataAsync();
        await AssertKeptAsync(endpoint, payloads: 1, deliveries: 1);
        await (await client.DeleteAsync("/api/admin/webhooks/logs/cleanup?days=1&status=failed")).DataAsync();
        await AssertKeptAsync(endpoint, payloads: 0, deliveries: 0);
    }

    [Theory]
    [InlineData("caf\u00e9", "latin1", "café")]
    [InlineData("café 🦊", "utf-8", "café 🦊")]
    [InlineData("\u00ff\u0080", "latin1", "\u00ff\u0080")]
    public async Task Header_with_bytes_outside_ascii_loses_no_delivery(string value, string encoding, string stored)
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value, "custom");

        var (status, data) = await SendRawAsync(endpoint.Path, Encoding.GetEncoding(encoding).GetBytes(value));

        Assert.Equal(200, status);
        using var client = app.As(owner);
        var headers = (await PayloadAsync(client, data)).GetProperty("headers");
        Assert.Equal(stored, headers.GetProperty("user-agent").GetString());
    }

    [Fact]
    public async Task Header_with_a_nul_is_400()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");

        Assert.Equal(400, (await SendRawAsync(endpoint.Path, "a\0b"u8.ToArray())).Status);
    }

    [Fact]
    public async Task Secret_outside_ascii_is_compared_as_utf8()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync(), mode: "header");
        const string Secret = "ein langes Geheimnis für Žofie";
        var box = (SalesBrain.Core.Security.SecretBox)app.Services.GetService(typeof(SalesBrain.Core.Security.SecretBox))!;
        await app.ExecuteAsync("update app.webhook_endpoint set secret_sealed = @secret where id = @Id", new
        {
            endpoint.Id,
            secret = box.Seal(Secret, endpoint.OrganizationId, SalesBrain.Core.Webhooks.Receiving.WebhookEndpointSecrets.Purpose),
        });
        var path = $"/api/webhooks/{endpoint.Source}/{endpoint.Token}";

        Assert.Equal(200, (await SendRawAsync(path, Encoding.UTF8.GetBytes(Secret), "X-Test")).Status);
        Assert.Equal(401, (await SendRawAsync(path, Encoding.Latin1.GetBytes(Secret), "X-Test")).Status);
    }

    private static async Task<JsonElement> PayloadAsync(HttpClient client, JsonElement receipt)
    {
        using var response = await client.GetAsync($"/api/admin/webhooks/logs/{receipt.GetProperty("id").GetGuid()}");
        return (await response.DataAsync()).GetProperty("payload");
    }

    private async Task AssertKeptAsync(TokenEndpoint endpoint, int payloads, int deliveries) =>
        (await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_payload where organization_id = @OrganizationId) as payloads,
                (select count(*) from app.webhook_delivery where organization_id = @OrganizationId) as deliveries
            """, endpoint)).AssertIncludes(new { payloads, deliveries });

    /// <summary>Posts an event with one header's value as these very bytes, which HTTP clients refuse to send.</summary>
    private async Task<(int Status, JsonElement Data)> SendRawAsync(string path, byte[] value, string header = "User-Agent")
    {
        var body = Encoding.UTF8.GetBytes(EndpointWorld.SomeEvent(1));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, app.Http.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync((byte[])
        [
            .. Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + $"{body.Length}\r\n{header}: "),
            .. value,
            .. "\r\n\r\n"u8,
            .. body,
        ]);
        using var reader = new StreamReader(stream);
        var response = await reader.ReadToEndAsync();
        var json = response[(response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var start = json.IndexOf('{', StringComparison.Ordinal);
        return (
            int.Parse(response.Split(' ')[1]),
            start < 0
                ? default
                : JsonElement.Parse(json[start..(json.LastIndexOf('}') + 1)]).TryGetProperty("data", out var data) ? data : default);
    }
}
