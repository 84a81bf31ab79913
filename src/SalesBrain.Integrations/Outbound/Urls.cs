namespace SalesBrain.Integrations.Outbound;

/// <summary>Builds URLs.</summary>
internal static class Urls
{
    /// <summary>A path below a base URL, which may have a path of its own.</summary>
    internal static Uri Below(this Uri baseUrl, string path) =>
        new($"{baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path.TrimStart('/')}");

    /// <summary>The URL with query parameters added to those that it has.</summary>
    internal static Uri WithQuery(this Uri url, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var added = string.Join(
            '&', parameters.Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));
        if (added.Length == 0)
        {
            return url;
        }
        var query = url.Query.TrimStart('?');
        return new UriBuilder(url) { Query = query.Length == 0 ? added : $"{query}&{added}" }.Uri;
    }

    /// <summary>The URL without its parameters of these names.</summary>
    internal static Uri WithoutQuery(this Uri url, params IEnumerable<string> names)
    {
        var kept = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(parameter => !names.Contains(Uri.UnescapeDataString(parameter.Split('=')[0])));
        return new UriBuilder(url) { Query = string.Join('&', kept) }.Uri;
    }
}
