using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>Deliveries from public bug reports are read as what their senders meant.</summary>
public sealed class PublicDeliveryTests(TestApp app)
{
    [Theory]
    [InlineData("P21")]
    [InlineData("P23")]
    [InlineData("P24")]
    [InlineData("P25")]
    [InlineData("P28")]
    public async Task Delivery_is_read_as_it_is_meant(string id)
    {
        foreach (var step in PublicCase.Input(id).GetProperty("steps").EnumerateArray())
        {
            var source = step.TryGetProperty("source", out var named) ? named.GetString()! : "custom";
            var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), source);
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
                step.TryGetProperty("raw_body", out var raw) ? raw.GetString()! : step.GetProperty("body").GetRawText()));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(
                step.TryGetProperty("headers", out var headers) ? headers.GetProperty("content-type").GetString()! : "application/json");

            using var response = await app.Http.PostAsync(endpoint.Path, content);
            var log = (await response.DataAsync()).GetProperty("id").GetGuid();
            await app.UntilProcessedAsync(endpoint.OrganizationId);

            (await app.QuerySingleJsonAsync("select status, event_type, contact_email from app.webhook_log where id = @log", new { log })).AssertIncludes(
                step.GetProperty("expect").TryGetProperty("log", out var expected) ? expected.GetRawText() : """{"status": "processed"}""");
        }
    }

    [Fact]
    public async Task Form_with_a_list_of_events_is_stored_event_by_event_and_processed()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "zapier");
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["payload"] = """
                [{"event_type": "email_sent", "timestamp": "2026-01-15T09:30:00Z", "email": "a@x.example"},
                 {"event_type": "email_opened", "timestamp": "2026-01-15T09:31:00Z", "email": "a@x.example"}]
                """,
        });

        using var response = await app.Http.PostAsync(endpoint.Path, content);
        Assert.Equal(2, (await response.DataAsync()).GetArrayLength());
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(["email.opened processed", "email.sent processed"], await app.QueryAsync<string>(
            "select event_type || ' ' || status from app.webhook_log where organization_id = @OrganizationId order by 1", endpoint));
    }

    [Fact]
    public async Task Delivery_without_a_type_fails_with_a_code()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var id = (await app.DeliverAsync(endpoint, """{"kind": "email_sent", "email": "a@x.example"}""")).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        (await app.QuerySingleJsonAsync("select status, error_code from app.webhook_log where id = @id", new { id }))
            .AssertIncludes(new { status = "failed", error_code = "event_type_missing" });
    }

    [Theory]
    [InlineData("Thu, 15 Jan 2026 07:00:00 GMT")]
    [InlineData("Thu, 15 Jan 2026 08:00:00 +0100")]
    [InlineData("2026-01-15T07:00:00.0001234Z")]
    public async Task Redelivery_with_the_time_in_any_notation_is_a_duplicate(string time)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var body = JsonSerializer.Serialize(new { event_type = "email.sent", timestamp = time, email = "a@x.example", campaign_id = "c" });

        Assert.False((await app.DeliverAsync(endpoint, body)).GetProperty("duplicate").GetBoolean());
        Assert.True((await app.DeliverAsync(endpoint, body + " ")).GetProperty("duplicate").GetBoolean());
    }
}
