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

    /// <summary>The form of an IANA time zone name, in any letter case.</summary>
    public const string TimeZone = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$";
}
