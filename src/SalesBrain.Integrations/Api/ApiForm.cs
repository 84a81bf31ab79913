using SalesBrain.Integrations.Forms;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Api;

/// <summary>Reads and checks the settings of a REST source.</summary>
internal static class ApiForm
{
    private const int MaxBody = 8 * 1024;

    /// <summary>
    /// Headers that a source may set. All others are refused: they would change the connection, the body's form or the identity of the
    /// caller. Authentication has its own settings, so that keys are stored as credentials.
    /// </summary>
    private static readonly HashSet<string> AllowedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Language", "Accept-Version", "Api-Version", "X-Api-Version", "X-Version", "X-Account-Id", "X-Client-Id",
        "X-Org-Id", "X-Organization-Id", "X-Project-Id", "X-Tenant-Id", "X-Workspace-Id", "X-Requested-With", "Prefer", "User-Agent",
        "Notion-Version", "Intercom-Version", "LinkedIn-Version", "X-Restli-Protocol-Version", "OData-Version", "OData-MaxVersion",
    };

    /// <summary>Headers that authentication by header key may not use.</summary>
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "TE", "Trailer", "Connection", "Keep-Alive",
        "Proxy-Authorization", "Proxy-Connection", "Proxy-Authenticate", "Upgrade", "Expect", "Cookie", "Set-Cookie", "Forwarded", "Via",
        "Range", "Origin", "Referer", "Date", "Max-Forwards", "Metadata", "Metadata-Flavor", "X-Aws-Ec2-Metadata-Token",
        "X-Identity-Header", "Accept-Encoding", "X-Http-Method-Override", "X-Original-Url", "X-Rewrite-Url", "X-Real-Ip",
    };

    internal static ApiConfig Read(FormReader form, bool allowLoopback)
    {
        var url = ReadUrl(form, "base_url", allowLoopback);
        var method = form.Choice("method", ["GET", "POST"], "GET");
        var headers = ReadHeaders(form);
        var body = form.Json("body", MaxBody);
        form.Check(body is null || method == "POST", "body", "invalid", "is only sent with the method POST");
        var auth = ReadAuth(form.Object("auth"), allowLoopback);
        var items = ReadPath(form, "items") ?? JsonPath.Parse("");
        var total = ReadPath(form, "total");
        var paging = ReadPaging(form.Object("paging"));
        var fields = ReadFields(form);
        var stop = form.Object("stop");
        var config = new ApiConfig(
            url, new HttpMethod(method), headers, body, auth, items, total, paging, fields, stop.Bool("short_page", true),
            stop.Number("max_pages", 10_000, 1, 100_000));
        stop.End();
        form.End();
        return config;
    }

    internal static ApiCredentials ReadCredentials(FormReader form, string authKind)
    {
        var credentials = authKind switch
        {
            ApiAuthKinds.Header or ApiAuthKinds.Query => new ApiCredentials(
                form.Text("api_key", 1000, FormPatterns.Token(), "must be printable characters without spaces"), null, null),
            ApiAuthKinds.Bearer => new ApiCredentials(
                form.Text("token", 4000, FormPatterns.Token(), "must be printable characters without spaces"), null, null),
            ApiAuthKinds.Basic => new ApiCredentials(null, BasicUser(form), form.Secret("password", 500)),
            ApiAuthKinds.OAuth2 => new ApiCredentials(null, form.Secret("client_id", 500), form.Secret("client_secret", 1000)),
            _ => new ApiCredentials(null, null, null),
        };
        form.End();
        return credentials;
    }

    private static string BasicUser(FormReader form)
    {
        var user = form.Secret("username", 200);
        form.Check(!user.Contains(':'), "username", "invalid", "must not contain a colon");
        return user;
    }

    private static Uri ReadUrl(FormReader form, string name, bool allowLoopback)
    {
        var text = form.Text(name, UrlRules.MaxLength);
        if (text.Length == 0 || UrlRules.TryRead(text, allowLoopback, out var url))
        {
            return text.Length == 0 ? new Uri("https://invalid.example") : new Uri(text);
        }
        form.Check(false, name, "invalid", UrlRules.Rule);
        return new Uri("https://invalid.example");
    }

    private static IReadOnlyDictionary<string, string> ReadHeaders(FormReader form)
    {
        var headers = form.Texts("headers", 20, 100, 1000);
        foreach (var (name, value) in headers)
        {
            form.Check(
                AllowedHeaders.Contains(name), $"headers.{name}", "invalid",
                "is not a header that a source may set. Keys belong into auth and credentials");
            form.Check(
                value.Length > 0 && value.All(character => character is >= ' ' and <= '~'), $"headers.{name}", "invalid",
                "must be printable ASCII characters");
        }
        return headers;
    }

    private static ApiAuth ReadAuth(FormReader auth, bool allowLoopback)
    {
        var kind = auth.Choice("kind", ApiAuthKinds.All, ApiAuthKinds.None);
        string? name = null;
        if (kind == ApiAuthKinds.Header)
        {
            name = auth.Text("name", 100, FormPatterns.HeaderName(), "must be a header's name");
            auth.Check(
                !ReservedHeaders.Contains(name) && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                    && !name.StartsWith("X-Ms-", StringComparison.OrdinalIgnoreCase),
                "name", "invalid", "is a header that a source must not set");
        }
        else if (kind == ApiAuthKinds.Query)
        {
            name = auth.Text("name", 100, FormPatterns.ParameterName(), "must be a parameter's name");
        }
        var result = kind == ApiAuthKinds.OAuth2
            ? new ApiAuth(kind, name, ReadUrl(auth, "token_url", allowLoopback), auth.OptionalText("scope", 500))
            : new ApiAuth(kind, name, null, null);
        auth.End();
        return result;
    }

    private static ApiPaging ReadPaging(FormReader paging)
    {
        var kind = paging.Choice("kind", ApiPagingKinds.All, ApiPagingKinds.None);
        var size = paging.Number("size", 100, 1, 1000);
        var sizeParameter = ReadParameter(
            paging, "size_param", kind is ApiPagingKinds.Offset ? "limit" : kind is ApiPagingKinds.Page ? "page_size" : null);
        var result = kind switch
        {
            ApiPagingKinds.Page =>
                new ApiPaging(kind, ReadParameter(paging, "param", "page"), sizeParameter, size, paging.Number("first", 1, 0, 1), null),
            ApiPagingKinds.Offset => new ApiPaging(kind, ReadParameter(paging, "param", "offset"), sizeParameter, size, 0, null),
            ApiPagingKinds.Cursor =>
                new ApiPaging(kind, ReadParameter(paging, "param", "cursor"), sizeParameter, size, 0, ReadRequiredPath(paging, "next")),
            ApiPagingKinds.NextUrl => new ApiPaging(kind, null, sizeParameter, size, 0, ReadRequiredPath(paging, "next")),
            _ => new ApiPaging(kind, null, sizeParameter, size, 0, null),
        };
        paging.End();
        return result;
    }

    private static Dictionary<string, JsonPath> ReadFields(FormReader form)
    {
        var fields = new Dictionary<string, JsonPath>(StringComparer.Ordinal);
        foreach (var (field, text) in form.Texts("fields", 20, 40, JsonPath.MaxLength))
        {
            form.Check(
                PersonFields.All.Contains(field), $"fields.{field}", "unknown", $"must be one of {string.Join(", ", PersonFields.All)}");
            if (JsonPath.TryParse(text, out var path))
            {
                fields[field] = path;
            }
            form.Check(path is not null, $"fields.{field}", "invalid", JsonPath.Rule);
        }
        form.Check(
            fields.ContainsKey("email") || fields.ContainsKey("linkedin_url") || fields.ContainsKey("external_id"),
            "fields", "required", "must map at least one of email, linkedin_url and external_id");
        return fields;
    }

    private static string? ReadParameter(FormReader form, string name, string? otherwise) =>
        form.OptionalText(name, 100, FormPatterns.ParameterName(), "must be a parameter's name") ?? otherwise;

    private static JsonPath? ReadPath(FormReader form, string name)
    {
        JsonPath? path = null;
        var text = form.OptionalText(name, JsonPath.MaxLength);
        form.Check(text is null || JsonPath.TryParse(text, out path), name, "invalid", JsonPath.Rule);
        return path;
    }

    private static JsonPath? ReadRequiredPath(FormReader form, string name)
    {
        var text = form.Text(name, JsonPath.MaxLength);
        JsonPath? path = null;
        form.Check(text.Length == 0 || JsonPath.TryParse(text, out path), name, "invalid", JsonPath.Rule);
        return path;
    }

    /// <summary>The field map of a job's mapping, which names the field by path; null if it has none.</summary>
    internal static IReadOnlyDictionary<string, JsonPath>? ReadMapping(IReadOnlyDictionary<string, string>? mapping, FormReader form)
    {
        if (mapping is not { Count: > 0 })
        {
            return null;
        }
        var fields = new Dictionary<string, JsonPath>(StringComparer.Ordinal);
        foreach (var (text, field) in mapping)
        {
            form.Check(PersonFields.All.Contains(field), Shown(text), "unknown", $"must be one of {string.Join(", ", PersonFields.All)}");
            form.Check(JsonPath.TryParse(text, out var path), Shown(text), "invalid", JsonPath.Rule);
            if (path is not null && PersonFields.All.Contains(field))
            {
                form.Check(fields.TryAdd(field, path), Shown(text), "duplicate", "maps to a field that another path maps to");
            }
        }
        return fields;
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60];
}
