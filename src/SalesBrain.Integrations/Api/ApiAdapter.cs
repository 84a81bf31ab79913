using System.Text;
using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Api;

/// <summary>Any REST endpoint that returns JSON, by configuration.</summary>
internal sealed class ApiAdapter(
    SourceCalls calls, TokenCache tokens, Guid sourceId, ApiConfig config, ApiCredentials credentials, IReadOnlyDictionary<string, JsonPath> fields) : ISourceAdapter
{
    private const string Source = "The endpoint";

    private readonly string _tokenKey = TokenCache.KeyOf(
        sourceId, config.Auth.TokenUrl?.AbsoluteUri ?? "", credentials.User ?? "", credentials.Secret ?? "", config.Auth.Scope ?? "");

    public Task<SourceTest> TestAsync(CancellationToken cancellationToken) => SourceCalls.TestAsync(async () =>
    {
        calls.Begin();
        var first = ApiCursor.First(config);
        var json = (await SendAsync(ApiPages.UrlOf(config, first, size: 1), first, 1, cancellationToken)).ReadJson();
        var items = ItemsOf(json);
        if (items.GetArrayLength() == 0)
        {
            return new SourceTest(true, "ok", "The endpoint responds. Its list is empty, so the fields could not be checked.");
        }
        var person = Read(items[0]);
        return person is null
            ? new SourceTest(
                false, SourceErrors.Schema, "The endpoint responds, but no mapped field identifies its first item: check fields.")
            : new SourceTest(true, "ok", "The endpoint responds, and its first item can be read.", Sample: MaskedSample.Of(person));
    });

    public async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var at = cursor is null ? ApiCursor.First(config) : Cursors.Read<ApiCursor>(cursor);
        if (at.Read >= config.MaxPages)
        {
            return new SourcePage([], null, null, [], Stopped: SourceStops.MaxPages);
        }
        calls.Begin();
        var response = await SendAsync(ApiPages.UrlOf(config, at, at.Size), at, at.Size, cancellationToken);
        var json = response.ReadJson();
        var items = ItemsOf(json);
        var (people, problems) = (new List<SourcePerson>(), new List<SourceRowProblem>());
        var (count, end) = (items.GetArrayLength(), Math.Min(at.Skip + limit, items.GetArrayLength()));
        for (var i = Math.Min(at.Skip, count); i < end; i++)
        {
            if (Read(items[i]) is { } person)
            {
                people.Add(person);
            }
            else
            {
                problems.Add(new SourceRowProblem(at.Items + i + 1, null, "identity_missing"));
            }
        }
        var total = config.Total?.Find(json).AsNumber();
        if (end < count)
        {
            return new SourcePage(people, Cursors.Write(at with { Skip = end }), total, problems);
        }
        var next = ApiPages.Next(config, at, response, json, count);
        var stopped = next is { } more && more.Read >= config.MaxPages ? SourceStops.MaxPages : null;
        return new SourcePage(people, next is null || stopped is not null ? null : Cursors.Write(next), total, problems, Stopped: stopped);
    }

    private JsonElement ItemsOf(JsonElement json) =>
        config.Items.Find(json) is { ValueKind: JsonValueKind.Array } items
            ? items
            : throw new SourceException(SourceErrors.Schema, "The endpoint's response has no list at the path that items names.");

    /// <summary>The person; null if no mapped field identifies one.</summary>
    private SourcePerson? Read(JsonElement item)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, path) in fields)
        {
            if (path.Find(item).AsText() is { Length: > 0 } text)
            {
                texts[field] = text;
            }
        }
        var person = PersonFields.Read(texts, null, null, PersonText.Data(item.ValueKind == JsonValueKind.Object
            ? item.EnumerateObject().Select(member => PersonText.Member(member.Name, member.Value))
            : []));
        return person.ExternalId is null && person.Email is null && person.LinkedinUrl is null ? null : person;
    }

    private async Task<OutboundResponse> SendAsync(Uri url, ApiCursor at, int size, CancellationToken cancellationToken)
    {
        var token = config.Auth.Kind == ApiAuthKinds.OAuth2
            ? await tokens.GetAsync(_tokenKey, () => OAuth.RequestTokenAsync(
                calls, config.Auth.TokenUrl!, credentials.User!, credentials.Secret!, config.Auth.Scope, "The token URL", cancellationToken))
            : null;
        var response = await calls.SendAsync(
            target => Create(target, at, size, token), url, isFree: config.Method == HttpMethod.Get, cancellationToken, maxRedirects: null);
        if ((int)response.Status == 401 && token is not null)
        {
            // The next attempt requests another token.
            tokens.Forget(_tokenKey);
        }
        return response.OrThrow(Source);
    }

    private HttpRequestMessage Create(Uri url, ApiCursor at, int size, string? token)
    {
        if (config.Auth.Kind == ApiAuthKinds.Query)
        {
            url = url.WithoutQuery(config.Auth.Name!).WithQuery([new(config.Auth.Name!, credentials.Key!)]);
        }
        var request = new HttpRequestMessage(config.Method, url);
        foreach (var (name, value) in config.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (!config.Headers.Keys.Contains("Accept", StringComparer.OrdinalIgnoreCase))
        {
            request.Headers.Add("Accept", "application/json");
        }
        switch (config.Auth.Kind)
        {
            case ApiAuthKinds.Header:
                request.Headers.TryAddWithoutValidation(config.Auth.Name!, credentials.Key);
                break;
            case ApiAuthKinds.Bearer:
                request.Headers.Authorization = new("Bearer", credentials.Key);
                break;
            case ApiAuthKinds.OAuth2:
                request.Headers.Authorization = new("Bearer", token);
                break;
            case ApiAuthKinds.Basic:
                request.Headers.Authorization = new(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.User}:{credentials.Secret}")));
                break;
        }
        if (config.Method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(ApiPages.BodyOf(config, at, size));
            request.Content.Headers.ContentType = new("application/json");
        }
        return request;
    }
}
