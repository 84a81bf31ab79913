using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>The GTM Data API: JSON:API documents, with a token by client credentials.</summary>
internal sealed class GtmApi(SourceCalls calls, TokenCache tokens, SourceOptions options, Guid sourceId, ZoominfoCredentials credentials)
    : IZoominfoApi
{
    private const string MediaType = "application/vnd.api+json";
    private const string Scope = "api:data:contact";

    private readonly string _key = TokenCache.KeyOf(sourceId, ZoominfoConfig.Gtm, credentials.User, credentials.Secret);

    public int MaxPages => 100;

    public Task<OutboundResponse> TestAsync(CancellationToken cancellationToken) =>
        PostAsync(SearchUrl(1, 1), "ContactSearch", new Dictionary<string, object>(), isFree: true, cancellationToken);

    public async Task<(List<JsonElement> People, long? Total)> SearchAsync(
        IReadOnlyDictionary<string, string> filters, int page, int size, CancellationToken cancellationToken)
    {
        var attributes = filters.ToDictionary(filter => filter.Key, filter => (object)filter.Value, StringComparer.Ordinal);
        var found = (await PostAsync(SearchUrl(page, size), "ContactSearch", attributes, isFree: true, cancellationToken)).ReadJson();
        return (People(found).ToList(), found.Member("meta")?.Number("totalResults"));
    }

    public async Task<Dictionary<string, JsonElement>> EnrichAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var attributes = new Dictionary<string, object>
        {
            ["matchPersonInput"] = ids.Select(id => new { personId = id }).ToList(),
            ["outputFields"] = ZoominfoCalls.OutputFields,
        };
        var answer = (await PostAsync(options.ZoominfoUrl.Below("gtm/data/v1/contacts/enrich"), "ContactEnrich", attributes, isFree: false, cancellationToken)).ReadJson();
        return People(answer).Where(person => person.Text("id") is not null).DistinctBy(person => person.Text("id"))
            .ToDictionary(person => person.Text("id")!, StringComparer.Ordinal);
    }

    private Uri SearchUrl(int page, int size) =>
        options.ZoominfoUrl.Below("gtm/data/v1/contacts/search").WithQuery([new("page[number]", $"{page}"), new("page[size]", $"{size}")]);

    /// <summary>Resources as plain objects: the attributes with the id. A resource without a match has no attributes.</summary>
    private static IEnumerable<JsonElement> People(JsonElement document)
    {
        foreach (var resource in document.Member("data").ArrayOrThrow(ZoominfoAdapter.Vendor).EnumerateArray())
        {
            if (resource.Text("id") is not { } id || resource.Member("attributes") is not { ValueKind: JsonValueKind.Object } attributes)
            {
                continue;
            }
            var person = attributes.EnumerateObject().Where(member => member.Name != "id")
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
            person["id"] = JsonSerializer.SerializeToElement(id);
            yield return JsonSerializer.SerializeToElement(person);
        }
    }

    private Task<OutboundResponse> PostAsync(
        Uri url, string type, Dictionary<string, object> attributes, bool isFree, CancellationToken cancellationToken) =>
        ZoominfoCalls.WithTokenAsync(async isRetry =>
        {
            if (isRetry)
            {
                tokens.Forget(_key);
            }
            var token = await tokens.GetAsync(_key, () => OAuth.RequestTokenAsync(
                calls, options.ZoominfoTokenUrl, credentials.User, credentials.Secret, Scope, ZoominfoAdapter.Vendor, cancellationToken));
            return await calls.SendAsync(
                target =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Post, target)
                    {
                        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { data = new { type, attributes } })),
                    };
                    request.Content.Headers.ContentType = new(MediaType);
                    request.Headers.Add("Accept", MediaType);
                    request.Headers.Authorization = new("Bearer", token);
                    return request;
                },
                url, isFree, cancellationToken);
        });
}
