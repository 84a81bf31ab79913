using System.Text;
using System.Text.Json;

namespace SalesBrain.Integrations.Outbound;

/// <summary>OAuth 2 client credentials (RFC 6749, section 4.4).</summary>
internal static class OAuth
{
    /// <summary>A token is not used in the last part of its lifetime.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    /// <summary>Requests a token. Returns it and how long it may be used.</summary>
    /// <exception cref="SourceException">The server refuses the credentials, or returns no token.</exception>
    internal static async Task<(string Token, TimeSpan Lifetime)> RequestTokenAsync(
        SourceCalls calls, Uri url, string clientId, string clientSecret, string? scope, string source, CancellationToken cancellationToken)
    {
        var response = await calls.SendAsync(
            target =>
            {
                var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
                if (scope is not null)
                {
                    form["scope"] = scope;
                }
                var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new FormUrlEncodedContent(form) };
                // Section 2.3.1: both are form-encoded first.
                var basic = $"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(clientSecret)}";
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
                request.Headers.Add("Accept", "application/json");
                return request;
            },
            url, isFree: true, cancellationToken);
        if ((int)response.Status is 400 && response.TryReadJson() is { ValueKind: JsonValueKind.Object } error
            && error.TryGetProperty("error", out var code) && code.ValueKind == JsonValueKind.String && code.GetString() is "invalid_client" or "unauthorized_client" or "invalid_grant")
        {
            throw new SourceException(SourceErrors.InvalidCredentials, $"{source} refuses the client's credentials.");
        }
        var json = response.OrThrow(source).ReadJson();
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("access_token", out var token) || token.ValueKind != JsonValueKind.String
            || token.GetString() is not { Length: > 0 } text)
        {
            throw new SourceException(SourceErrors.Schema, $"{source} returned no access token.");
        }
        var lifetime = json.TryGetProperty("expires_in", out var expires) && expires.ValueKind == JsonValueKind.Number && expires.TryGetInt64(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, MaxLifetime.TotalSeconds))
            : DefaultLifetime;
        return (text, lifetime > 2 * Margin ? lifetime - Margin : lifetime / 2);
    }
}
