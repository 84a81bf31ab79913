using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>Senders and what they send.</summary>
public static class Deliveries
{
    /// <summary>A real delivery, as captured.</summary>
    public static string Fixture(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "instantly", name + ".json"));

    /// <summary>A real delivery with some members changed; null removes one.</summary>
    public static string Fixture(string name, params (string Name, JsonNode? Value)[] changes)
    {
        var json = JsonNode.Parse(Fixture(name))!.AsObject();
        foreach (var (member, value) in changes)
        {
            json.Remove(member);
            if (value is not null)
            {
                json.Add(member, value);
            }
        }
        return json.ToJsonString();
    }

    /// <summary>
    /// An event of a type about the person with an e-mail address; null: about nobody. Further members replace those of the fixture.
    /// </summary>
    public static string Event(string type, string? email, params IEnumerable<(string Name, JsonNode? Value)> more) =>
        Fixture("email_sent", [("event_type", type), ("lead_email", email), ("email", null), .. more]);

    /// <summary>An endpoint that only asks for its token, made straight in the database.</summary>
    public static async Task<TokenEndpoint> CreateTokenEndpointAsync(this TestApp app, Guid organizationId, string source = "instantly")
    {
        var id = Guid.CreateVersion7();
        var token = "test-token-" + id.ToString("N");
        await app.ExecuteAsync("""
            insert into app.webhook_endpoint (id, organization_id, source, name, token_hash, token_last4)
            values (@id, @organizationId, @source, 'Test', @hash, @last4)
            """, new { id, organizationId, source, hash = SHA256.HashData(Encoding.UTF8.GetBytes(token)), last4 = token[^4..] });
        return new TokenEndpoint(id, organizationId, $"/api/webhooks/{source}/{token}");
    }

    /// <summary>Posts a delivery and answers <c>data</c> of the 200.</summary>
    public static async Task<JsonElement> DeliverAsync(this TestApp app, TokenEndpoint endpoint, string body)
    {
        using var response = await app.Http.PostTextAsync(endpoint.Path, body);
        return await response.DataAsync();
    }

    /// <summary>Posts a delivery with headers and answers <c>data</c> of the 200.</summary>
    public static async Task<JsonElement> DeliverAsync(
        this TestApp app, string path, string body, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await app.Http.SendAsync(request);
        return await response.DataAsync();
    }

    /// <summary>Waits until nothing is due in the organization any more.</summary>
    public static async Task UntilProcessedAsync(this TestApp app, Guid organizationId)
    {
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            if (await app.QuerySingleAsync<int>(
                "select count(*) from app.webhook_log where organization_id = @organizationId and status = 'pending'", new { organizationId }) == 0)
            {
                return;
            }
            await Task.Delay(20);
        }
        var pending = await app.QuerySingleJsonAsync("""
            select count(*) as webhooks, min(due_at) as due_from, max(due_at) as due_until, max(retry_count) as retries, min(error_code) as error_code,
                min(error_message) as error, clock_timestamp() as now,
                (select json_agg(json_build_object('state', a.state, 'wait', a.wait_event, 'for', clock_timestamp() - a.xact_start, 'query', left(a.query, 80)))
                 from pg_stat_activity a where a.datname = current_database() and a.xact_start is not null)::text as sessions
            from app.webhook_log where organization_id = @organizationId and status = 'pending'
            """, new { organizationId });
        Assert.Fail($"Webhooks were still pending after a minute: {pending}");
    }
}

/// <summary>An endpoint of mode token.</summary>
public sealed record TokenEndpoint(Guid Id, Guid OrganizationId, string Path);
