using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Polly.Timeout;
using SalesBrain.Core.Agents;

namespace SalesBrain.Integrations.Genesys;

/// <summary>
/// Signs people in with Genesys Cloud: OAuth 2 with authorization code and PKCE, then one request for who they are. Secrets and tokens go
/// to hosts of the fixed list of regions only, never in a URL, and redirects are not followed.
/// </summary>
public sealed class GenesysClient(IHttpClientFactory clients, GenesysOptions options)
{
    private const int MaxBody = 1024 * 1024;

    /// <summary>Longest id that is stored, in characters.</summary>
    private const int MaxId = 255;

    /// <summary>What is kept of a name or an address, in characters.</summary>
    private const int MaxText = 320;

    /// <summary>Where the browser goes to sign in.</summary>
    public Uri AuthorizeUrl(string region, Uri redirectUri, string state, string codeChallenge)
    {
        var parameters = new (string Name, string Value)[]
        {
            ("response_type", "code"), ("client_id", options.Clients[region].Id), ("redirect_uri", redirectUri.AbsoluteUri),
            ("state", state), ("code_challenge", codeChallenge), ("code_challenge_method", "S256"),
        };
        var query = string.Join('&', parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"));
        return new Uri($"{GenesysOptions.Below(options.LoginUrl(region), "oauth/authorize").AbsoluteUri}?{query}");
    }

    /// <summary>Exchanges the code that the browser brought back. Returns an access token.</summary>
    /// <exception cref="GenesysException">Genesys refuses the code, or cannot be reached.</exception>
    public async Task<string> ExchangeCodeAsync(
        string region, string code, string codeVerifier, Uri redirectUri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, GenesysOptions.Below(options.LoginUrl(region), "oauth/token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = redirectUri.AbsoluteUri,
                ["code_verifier"] = codeVerifier,
            }),
        };
        var client = options.Clients[region];
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        var json = await SendAsync(request, "the token request", cancellationToken);
        return Text(json, "access_token") ?? throw new GenesysException(false, "Genesys returned no access token");
    }

    /// <summary>Who an access token belongs to.</summary>
    /// <exception cref="GenesysException">Genesys refuses the token, or cannot be reached.</exception>
    public async Task<GenesysIdentity> GetMeAsync(string region, string accessToken, CancellationToken cancellationToken)
    {
        // Without expand, Genesys leaves out the organization and the token, and anybody's organization would be unknown.
        using var request = new HttpRequestMessage(
            HttpMethod.Get, GenesysOptions.Below(options.ApiUrl(region), "api/v2/users/me?expand=organization,token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Options.Set(GenesysRegistration.IsRepeatable, true);
        var json = await SendAsync(request, "the request for the user", cancellationToken);
        var id = Id(json) ?? throw new GenesysException(false, "Genesys returned a user without an id");
        var (division, organization, token) = (Member(json, "division"), Member(json, "organization"), Member(json, "token"));
        return new GenesysIdentity(
            id, Cut(json, "name"), Cut(json, "email"), Id(division), Cut(division, "name"), Text(json, "state"), Id(organization),
            Text(organization, "state"), Id(Member(token, "homeOrganization")));
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await clients.CreateClient(GenesysRegistration.Client)
                .SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var status = (int)response.StatusCode;
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var contextId = response.Headers.TryGetValues("ININ-Correlation-Id", out var ids) ? ids.First() : "none";
            if (status is >= 400 and < 500 and not 429)
            {
                throw new GenesysException(true, $"Genesys refuses {what} with status {status}, correlation id {contextId}");
            }
            if (status != 200)
            {
                throw new GenesysException(false, $"Genesys failed {what} with status {status}, correlation id {contextId}");
            }
            return JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json
                ? json
                : throw new GenesysException(false, $"Genesys returned no object for {what}");
        }
        catch (JsonException)
        {
            throw new GenesysException(false, $"Genesys returned no JSON for {what}");
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new GenesysException(false, $"Genesys could not be reached for {what}: {e.GetType().Name}");
        }
    }

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } parent
            ? parent.EnumerateObject().Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(member => (JsonElement?)member.Value).FirstOrDefault()
            : null;

    /// <summary>The id of an object; null without one, or with one that is too long to be one.</summary>
    private static string? Id(JsonElement? json) => Text(json, "id") is { Length: <= MaxId } id ? id : null;

    /// <summary>The beginning of a text member.</summary>
    private static string? Cut(JsonElement? json, string name) =>
        Text(json, name) is not { Length: > MaxText } text ? Text(json, name) : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];

    /// <summary>A text member that is not empty, without NUL.</summary>
    private static string? Text(JsonElement? json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value && value.GetString()!.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text
            ? text
            : null;

    internal static void Configure(HttpClient client)
    {
        client.MaxResponseContentBufferSize = MaxBody;
        client.Timeout = TimeSpan.FromSeconds(30);
    }
}
