using System.Text.Encodings.Web;

namespace SalesBrain.Core.Crm;

/// <summary>
/// The spellings in which an e-mail address occurs in bodies of requests: as it is, in a form, and in JSON that escapes its signs.
/// </summary>
public static class AddressSpellings
{
    /// <summary>All spellings, in lower case. Decorations around the address make no difference to a search for them.</summary>
    public static IReadOnlyList<string> Of(string address)
    {
        var escapedAt = address.Replace("@", @"\u0040", StringComparison.Ordinal);
        return
        [
            .. new[]
            {
                address, Uri.EscapeDataString(address), address.Replace("@", "%40", StringComparison.Ordinal),
                JavaScriptEncoder.Default.Encode(address), escapedAt,
            }.Select(spelling => spelling.ToLowerInvariant()).Distinct(StringComparer.Ordinal),
        ];
    }
}
