using System.Text.Json;
using SalesBrain.Integrations.Json;

namespace SalesBrain.Integrations.Api;

/// <summary>How a REST endpoint is called and read.</summary>
/// <param name="Url">The list's URL. Its host is the only one that is called, except for the token URL.</param>
/// <param name="Fields">Path by field.</param>
internal sealed record ApiConfig(
    Uri Url, HttpMethod Method, IReadOnlyDictionary<string, string> Headers, JsonElement? Body, ApiAuth Auth, JsonPath Items,
    JsonPath? Total, ApiPaging Paging, IReadOnlyDictionary<string, JsonPath> Fields, bool StopOnShortPage, int MaxPages);

/// <param name="Kind">One of <see cref="ApiAuthKinds"/>.</param>
/// <param name="Name">The header's or the parameter's name.</param>
internal sealed record ApiAuth(string Kind, string? Name, Uri? TokenUrl, string? Scope);

/// <param name="Kind">One of <see cref="ApiPagingKinds"/>.</param>
/// <param name="Parameter">The parameter with the page, the offset or the cursor.</param>
/// <param name="SizeParameter">The parameter with the page size; null for none.</param>
/// <param name="First">The first page's number.</param>
/// <param name="Next">Where the response has the next cursor or the next URL.</param>
internal sealed record ApiPaging(string Kind, string? Parameter, string? SizeParameter, int Size, int First, JsonPath? Next);

internal static class ApiAuthKinds
{
    internal const string None = "none";
    internal const string Header = "header";
    internal const string Query = "query";
    internal const string Basic = "basic";
    internal const string Bearer = "bearer";
    internal const string OAuth2 = "oauth2";

    internal static readonly string[] All = [None, Header, Query, Basic, Bearer, OAuth2];
}

internal static class ApiPagingKinds
{
    internal const string None = "none";
    internal const string Page = "page";
    internal const string Offset = "offset";
    internal const string Cursor = "cursor";
    internal const string Link = "link";
    internal const string NextUrl = "next_url";

    internal static readonly string[] All = [None, Page, Offset, Cursor, Link, NextUrl];
}

/// <summary>Credentials of a REST source. Which are set depends on the kind of authentication.</summary>
internal sealed record ApiCredentials(string? Key, string? User, string? Secret)
{
    /// <summary>A record's text would hold the secrets.</summary>
    public override string ToString() => nameof(ApiCredentials);
}
