namespace SalesBrain.Core.Values;

/// <summary>Regular expressions of texts for the API description, which JavaScript (ECMA-262) and .NET read alike.</summary>
public static class TextPatterns
{
    /// <summary>Has a character other than white space.</summary>
    public const string NotBlank = @"\S";

    /// <summary>Has two characters, not counting white space at the start and the end.</summary>
    public const string TwoCharacters = @"\S[\s\S]*\S";

    /// <summary>Printable ASCII characters, without spaces at the start or the end.</summary>
    public const string PrintableAscii = "^[!-~]([ -~]*[!-~])?$";

    /// <summary>A time of day, 00:00 to 23:59.</summary>
    public const string StartTime = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    /// <summary>A time of day that ends something, 00:01 to 24:00.</summary>
    public const string EndTime = "^(00:0[1-9]|00:[1-5][0-9]|(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|24:00)$";

    /// <summary>The form of an IANA time zone name, in any letter case.</summary>
    public const string TimeZone = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$";
}
