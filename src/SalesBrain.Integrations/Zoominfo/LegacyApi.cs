using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>The legacy Enterprise API: user name and password give a token that is valid for an hour.</summary>
internal sealed class LegacyApi(SourceCalls calls, TokenCache tokens, SourceOptions options, Guid sourceId, ZoominfoCredentials credentials)
    : IZoominfoApi
{
    /// <summary>The token is valid for 60 minutes.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(55);

    private readonly string _key = TokenCache.KeyOf(sourceId, ZoominfoConfig.Legacy, credentials.User, credentials.Secret);

    public int MaxPages => int.MaxValue;

    /// <summary>Signs in. Within the token's lifetime it is a search of one result: sign-ins are limited to one a second.</summary>
    public async Task<OutboundResponse> TestAsync(CancellationToken cancellationToken) =>
        await PostAsync("search/contact", new Dictionary<string, object> { ["rpp"] = 1, ["page"] = 1 }, isFree: true, cancellationToken);

    public async Task<(List<JsonElement> People, long? Total)> SearchAsync(
        IReadOnlyDictionary<string, string> filters, int page, int size, CancellationToken cancellationToken)
    {
        var body = filters.ToDictionary(filter => filter.Key, filter => (object)filter.Value, StringComparer.Ordinal);
        (body["rpp"], body["page"]) = (size, page);
        var found = (await PostAsync("search/contact", body, isFree: true, cancellationToken)).ReadJson();
        // maxResults is the number of matches; totalResults is the number on this page.
        return ([.. found.Member("data").ArrayOrThrow(ZoominfoAdapter.Vendor).EnumerateArray()], found.Number("maxResults"));
    }

    public async Task<Dictionary<string, JsonElement>> EnrichAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>
        {
            ["matchPersonInput"] = ids.Select(id => new { personId = id }).ToList(),
            ["outputFields"] = ZoominfoCalls.OutputFields,
        };
        var answer = (await PostAsync("enrich/contact", body, isFree: false, cancellationToken)).ReadJson();
        return answer.Member("data").Member("result").ArrayOrThrow(ZoominfoAdapter.Vendor).EnumerateArray()
            .Select(result => result.Member("data").Items().FirstOrDefault())
            .Where(person => person.Text("id") is not null)
            .DistinctBy(person => person.Text("id"))
            .ToDictionary(person => person.Text("id")!, StringComparer.Ordinal);
    }

    private Task<OutboundResponse> PostAsync(string path, object body, bool isFree, CancellationToken cancellationToken) =>
        ZoominfoCalls.WithTokenAsync(async isRetry =>
        {
            if (isRetry)
            {
                tokens.Forget(_key);
            }
            var token = await tokens.GetAsync(_key, () => SignInAsync(cancellationToken));
            return await calls.SendAsync(
                url => Json(url, body, request => request.Headers.Authorization = new("Bearer", token)), options.ZoominfoUrl.Below(path),
                isFree, cancellationToken);
        });

    private async Task<(string Token, TimeSpan Lifetime)> SignInAsync(CancellationToken cancellationToken)
    {
        var response = (await calls.SendAsync(
            url => Json(url, new { username = credentials.User, password = credentials.Secret }),
            options.ZoominfoUrl.Below("authenticate"), isFree: true, cancellationToken)).OrThrow(ZoominfoAdapter.Vendor);
        return response.ReadJson().Text("jwt") is { Length: > 0 } token
            ? (token, Lifetime)
            : throw new SourceException(SourceErrors.InvalidCredentials, "ZoomInfo returned no token for the user name and password.");
    }

    private static HttpRequestMessage Json(Uri url, object body, Action<HttpRequestMessage>? set = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Accept", "application/json");
        set?.Invoke(request);
        return request;
    }
}
