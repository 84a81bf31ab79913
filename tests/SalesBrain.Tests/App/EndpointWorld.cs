using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StandardWebhooks;

namespace SalesBrain.Tests.App;

/// <summary>Webhook endpoints, made through the API as a platform administrator would, and senders that know their secrets.</summary>
public static class EndpointWorld
{
    public const string Endpoints = "/api/admin/webhooks/endpoints";

    /// <summary>An endpoint of the mode, with the settings the mode can't do without.</summary>
    public static async Task<TestEndpoint> CreateEndpointAsync(
        this TestApp app, Guid organizationId, string source = "custom", string mode = "token", string? expectEvery = null, string name = "Test endpoint")
    {
        using var admin = app.As(await app.CreateUserAsync("sb_admin"));
        using var response = await admin.PostAsync(Endpoints, new
        {
            organization_id = organizationId,
            source,
            name,
            auth_mode = mode,
            auth_settings = new { header = mode is "header" or "hmac" ? "X-Test" : null, user = mode == "basic" ? "sender" : null },
            expect_every = expectEvery,
        });
        return TestEndpoint.Of(await response.DataAsync());
    }

    /// <summary>Delivers as the sender that knows the secret would.</summary>
    public static async Task<HttpResponseMessage> DeliverAsync(this TestApp app, TestEndpoint endpoint, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/{endpoint.Source}/{endpoint.Token}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in endpoint.Sign(body, (app.Clock ?? TimeProvider.System).GetUtcNow()))
        {
            request.Headers.Add(name, value);
        }
        return await app.Http.SendAsync(request);
    }

    /// <summary>A small event; each number is another one.</summary>
    public static string SomeEvent(int number = 0) => $$"""
        {"event_type": "email.opened", "timestamp": "2026-01-15T09:30:{{number:00}}Z", "email": "somebody@example.org", "campaign_id": "c-1"}
        """;
}

/// <summary>An endpoint and what its sender was given.</summary>
public sealed record TestEndpoint(Guid Id, Guid OrganizationId, string Source, string Mode, string Token, string? Secret)
{
    /// <summary>Where it is managed.</summary>
    public string Path => $"{EndpointWorld.Endpoints}/{Id}";

    /// <summary>Reads the answer that made it.</summary>
    public static TestEndpoint Of(JsonElement data) => new(
        data.GetProperty("id").GetGuid(), data.GetProperty("organization_id").GetGuid(), data.GetProperty("source").GetString()!,
        data.GetProperty("auth_mode").GetString()!, data.GetProperty("token").GetString()!, data.SecretOf());

    /// <summary>The headers that prove a delivery.</summary>
    public IEnumerable<(string Name, string Value)> Sign(string body, DateTimeOffset now) => Mode switch
    {
        "token" => [],
        "header" => [("X-Test", Secret!)],
        "basic" => [("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"sender:{Secret}")))],
        "hmac" =>
            [("X-Test", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret!), Encoding.UTF8.GetBytes(body))))],
        "standard_webhooks" => StandardWebhooks(body, now),
        _ => throw new InvalidOperationException($"Mode {Mode} has no sender here."),
    };

    /// <summary>Signed by the StandardWebhooks package, which shares no code with our verification.</summary>
    private IEnumerable<(string Name, string Value)> StandardWebhooks(string body, DateTimeOffset now)
    {
        var id = Guid.NewGuid().ToString();
        return
        [
            ("webhook-id", id),
            ("webhook-timestamp", now.ToUnixTimeSeconds().ToString()),
            ("webhook-signature", new StandardWebhook(Secret!).Sign(id, now, body)),
        ];
    }
}

/// <summary>Reading endpoint answers.</summary>
public static class OperationResponses
{
    /// <summary>The secret that is handed out; null where none is.</summary>
    public static string? SecretOf(this JsonElement data) => data.TryGetProperty("secret", out var secret) ? secret.GetString() : null;
}
