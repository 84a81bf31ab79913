using System.Globalization;

namespace SalesBrain.Integrations.People;

/// <summary>ISO 3166 codes of countries that a source names in words.</summary>
internal static class Countries
{
    private static readonly Dictionary<string, string> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Argentina"] = "AR",
        ["Australia"] = "AU",
        ["Austria"] = "AT",
        ["Österreich"] = "AT",
        ["Belgium"] = "BE",
        ["Brazil"] = "BR",
        ["Brasil"] = "BR",
        ["Canada"] = "CA",
        ["Chile"] = "CL",
        ["China"] = "CN",
        ["Colombia"] = "CO",
        ["Croatia"] = "HR",
        ["Czechia"] = "CZ",
        ["Czech Republic"] = "CZ",
        ["Denmark"] = "DK",
        ["Estonia"] = "EE",
        ["Finland"] = "FI",
        ["France"] = "FR",
        ["Germany"] = "DE",
        ["Deutschland"] = "DE",
        ["Greece"] = "GR",
        ["Hong Kong"] = "HK",
        ["Hungary"] = "HU",
        ["India"] = "IN",
        ["Indonesia"] = "ID",
        ["Ireland"] = "IE",
        ["Israel"] = "IL",
        ["Italy"] = "IT",
        ["Italia"] = "IT",
        ["Japan"] = "JP",
        ["Latvia"] = "LV",
        ["Lithuania"] = "LT",
        ["Luxembourg"] = "LU",
        ["Malaysia"] = "MY",
        ["Mexico"] = "MX",
        ["México"] = "MX",
        ["Netherlands"] = "NL",
        ["The Netherlands"] = "NL",
        ["Nederland"] = "NL",
        ["New Zealand"] = "NZ",
        ["Norway"] = "NO",
        ["Philippines"] = "PH",
        ["Poland"] = "PL",
        ["Portugal"] = "PT",
        ["Romania"] = "RO",
        ["Serbia"] = "RS",
        ["Singapore"] = "SG",
        ["Slovakia"] = "SK",
        ["Slovenia"] = "SI",
        ["South Africa"] = "ZA",
        ["South Korea"] = "KR",
        ["Spain"] = "ES",
        ["España"] = "ES",
        ["Sweden"] = "SE",
        ["Switzerland"] = "CH",
        ["Schweiz"] = "CH",
        ["Taiwan"] = "TW",
        ["Thailand"] = "TH",
        ["Turkey"] = "TR",
        ["Türkiye"] = "TR",
        ["Ukraine"] = "UA",
        ["United Arab Emirates"] = "AE",
        ["United Kingdom"] = "GB",
        ["UK"] = "GB",
        ["Great Britain"] = "GB",
        ["England"] = "GB",
        ["United States"] = "US",
        ["United States of America"] = "US",
        ["USA"] = "US",
        ["Vietnam"] = "VN",
    };

    /// <summary>The code; null if the text is neither a code nor a known name.</summary>
    internal static string? CodeOf(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        return Codes.TryGetValue(trimmed, out var code) ? code
            : trimmed.Length == 2 && trimmed.All(char.IsAsciiLetter) ? trimmed.ToUpper(CultureInfo.InvariantCulture)
            : null;
    }
}
