using System.Text.RegularExpressions;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Api;

/// <summary>The <c>Link</c> header (RFC 8288).</summary>
internal static partial class LinkHeader
{
    /// <summary>The target with the relation <c>next</c>; null if there is none.</summary>
    internal static string? Next(OutboundResponse response) =>
        response.Headers.TryGetValues("Link", out var values)
            ? values.SelectMany(value => Links().Matches(value))
                .Where(link => Relation().Match(link.Groups["parameters"].Value).Groups["relations"].Value
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains("next", StringComparer.OrdinalIgnoreCase))
                .Select(link => link.Groups["target"].Value)
                .FirstOrDefault()
            : null;

    [GeneratedRegex(
        """<(?<target>[^<>]*)>(?<parameters>(?:\s*;\s*[^\s=;,]+\s*=\s*(?:"[^"]*"|[^",;\s]*))*)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Links();

    [GeneratedRegex(
        """;\s*rel\s*=\s*(?:"(?<relations>[^"]*)"|(?<relations>[^",;\s]*))""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Relation();
}
