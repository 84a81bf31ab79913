using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Integrations.Json;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>The Graph API over HTTP.</summary>
internal sealed class GraphClient(GraphRequests requests, WhatsappOptions options) : IWhatsappApi
{
    /// <summary>Of a list. More than these are more than a signup or an agent can choose from.</summary>
    private const int MaxPages = 50;

    private const string PageSize = "100";

    private const string NumberFields = "id,display_phone_number,verified_name,quality_rating,status";

    public async Task<GraphResult<SentMessage>> SendAsync(
        string token, string phoneNumberId, WhatsappMessage message, CancellationToken cancellationToken)
    {
        var result = await requests.SendAsync(HttpMethod.Post, $"{phoneNumberId}/messages", token, [], message.ToJson(), cancellationToken);
        if (result.Value is not { } response)
        {
            return result.Failure!;
        }
        var sent = response.Json.Member("messages").Items().FirstOrDefault();
        return sent.Text("id") is { Length: > 0 } wamid
            ? new SentMessage(wamid, sent.Text("message_status"), response.Json.Member("contacts").Items().FirstOrDefault().Text("wa_id"))
            : response.Unreadable;
    }

    public Task<GraphResult<GraphSuccess>> MarkReadAsync(
        string token, string phoneNumberId, string wamid, CancellationToken cancellationToken) =>
        ChangeAsync(
            HttpMethod.Post, $"{phoneNumberId}/messages", token,
            new JsonObject { ["messaging_product"] = "whatsapp", ["status"] = "read", ["message_id"] = wamid }, cancellationToken);

    public async Task<GraphResult<string>> ExchangeCodeAsync(string code, CancellationToken cancellationToken)
    {
        var result = await requests.SendAsync(
            "oauth/access_token", [new("client_id", options.AppId), new("client_secret", options.AppSecret), new("code", code)],
            isRepeatable: false, cancellationToken);
        return result.Value is not { } response ? result.Failure!
            : response.Json.Text("access_token") is { Length: > 0 } token ? token
            : response.Unreadable;
    }

    public async Task<GraphResult<GraphToken>> DebugTokenAsync(string token, CancellationToken cancellationToken)
    {
        var result = await requests.SendAsync(
            "debug_token", [new("input_token", token), new("access_token", $"{options.AppId}|{options.AppSecret}")], isRepeatable: true,
            cancellationToken);
        if (result.Value is not { } response)
        {
            return result.Failure!;
        }
        if (response.Json.Member("data") is not { ValueKind: JsonValueKind.Object } data)
        {
            return response.Unreadable;
        }
        return new GraphToken
        {
            AppId = data.Text("app_id"),
            IsValid = data.Bool("is_valid") ?? false,
            Scopes = [.. Texts(data.Member("scopes"))],
            WabaIds =
            [
                .. data.Member("granular_scopes").Items()
                    .Where(scope => scope.Text("scope") is "whatsapp_business_management")
                    .SelectMany(scope => Texts(scope.Member("target_ids")))
                    .Distinct(),
            ],
        };
    }

    public Task<GraphResult<IReadOnlyList<WhatsappNumber>>> ListPhoneNumbersAsync(
        string token, string wabaId, CancellationToken cancellationToken) =>
        ListAsync($"{wabaId}/phone_numbers", token, NumberFields, NumberOf, cancellationToken);

    public Task<GraphResult<GraphSuccess>> SubscribeAsync(string token, string wabaId, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, $"{wabaId}/subscribed_apps", token, new JsonObject(), cancellationToken);

    public Task<GraphResult<GraphSuccess>> UnsubscribeAsync(string token, string wabaId, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"{wabaId}/subscribed_apps", token, null, cancellationToken);

    public Task<GraphResult<GraphSuccess>> RegisterAsync(
        string token, string phoneNumberId, string pin, CancellationToken cancellationToken) =>
        ChangeAsync(
            HttpMethod.Post, $"{phoneNumberId}/register", token, new JsonObject { ["messaging_product"] = "whatsapp", ["pin"] = pin },
            cancellationToken);

    public async Task<GraphResult<WhatsappNumber>> GetPhoneNumberAsync(
        string token, string phoneNumberId, CancellationToken cancellationToken)
    {
        var result = await requests.SendAsync(HttpMethod.Get, phoneNumberId, token, [new("fields", NumberFields)], null, cancellationToken);
        return result.Value is not { } response ? result.Failure!
            : NumberOf(response.Json) is { } number ? number
            : response.Unreadable;
    }

    public Task<GraphResult<IReadOnlyList<WhatsappTemplate>>> ListTemplatesAsync(
        string token, string wabaId, CancellationToken cancellationToken) =>
        ListAsync($"{wabaId}/message_templates", token, "id,name,language,status,category,components", TemplateOf, cancellationToken);

    private async Task<GraphResult<GraphSuccess>> ChangeAsync(
        HttpMethod method, string path, string token, JsonObject? body, CancellationToken cancellationToken)
    {
        var result = await requests.SendAsync(method, path, token, [], body, cancellationToken);
        return result.Value is not { } response ? result.Failure!
            : response.Json.Bool("success") is true ? new GraphSuccess()
            : response.Unreadable;
    }

    /// <summary>All pages of a list. Items that lack what they must have are left out.</summary>
    private async Task<GraphResult<IReadOnlyList<T>>> ListAsync<T>(
        string path, string token, string fields, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var items = new List<T>();
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var query = new List<KeyValuePair<string, string>> { new("fields", fields), new("limit", PageSize) };
            if (after is not null)
            {
                query.Add(new("after", after));
            }
            var result = await requests.SendAsync(HttpMethod.Get, path, token, query, null, cancellationToken);
            if (result.Value is not { } response)
            {
                return result.Failure!;
            }
            if (response.Json.Member("data") is not { ValueKind: JsonValueKind.Array } data)
            {
                return response.Unreadable;
            }
            items.AddRange(data.EnumerateArray().Select(read).OfType<T>());
            after = response.Json.Member("paging").Member("cursors").Text("after");
            if (data.GetArrayLength() == 0 || string.IsNullOrEmpty(after) || !cursors.Add(after))
            {
                break;
            }
        }
        return items;
    }

    private static WhatsappNumber? NumberOf(JsonElement json) => json.Text("id") is { Length: > 0 } id
        ? new WhatsappNumber
        {
            Id = id,
            DisplayNumber = json.Text("display_phone_number"),
            VerifiedName = json.Text("verified_name"),
            Quality = json.Text("quality_rating"),
            Status = json.Text("status"),
        }
        : null;

    private static WhatsappTemplate? TemplateOf(JsonElement json) =>
        json.Text("name") is { Length: > 0 } name && json.Text("language") is { Length: > 0 } language && json.Text("status") is { Length: > 0 } status
            ? new WhatsappTemplate
            {
                Id = json.Text("id"),
                Name = name,
                Language = language,
                Status = status,
                Category = json.Text("category"),
                Components = json.Member("components") is { ValueKind: JsonValueKind.Array } components ? components : null,
            }
            : null;

    private static IEnumerable<string> Texts(JsonElement? json) =>
        json.Items().Select(item => ((JsonElement?)item).AsText()).OfType<string>();
}
