using System.Text.RegularExpressions;

namespace SalesBrain.Core.Imports;

/// <summary>Texts of job logs. They never contain e-mail addresses, phone numbers or secrets.</summary>
public static partial class LogText
{
    /// <summary>Maximum number of UTF-16 code units.</summary>
    public const int MaxLength = 500;

    /// <summary>The text on one line, cut, with addresses, long numbers and what looks like a key replaced.</summary>
    public static string Clean(string text)
    {
        var clean = Controls().Replace(text, " ");
        clean = Address().Replace(clean, "[address]");
        clean = Key().Replace(clean, "[secret]");
        clean = Phone().Replace(clean, "[number]");
        if (clean.Length > MaxLength)
        {
            clean = clean[..(char.IsHighSurrogate(clean[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        }
        return string.IsNullOrWhiteSpace(clean) ? "No details." : clean.Trim();
    }

    [GeneratedRegex(@"[\p{Cc}\p{Cs}\u2028\u2029]+")]
    private static partial Regex Controls();

    [GeneratedRegex(@"[^\s<>,;""'()]+(@|%40)[^\s<>,;""'()]+")]
    private static partial Regex Address();

    /// <summary>Twenty characters or more of letters with digits among them, as keys and tokens have.</summary>
    [GeneratedRegex(@"(?=[A-Za-z0-9_\-+/=.]*[0-9])(?=[A-Za-z0-9_\-+/=.]*[A-Za-z])[A-Za-z0-9_\-+/=.]{20,}")]
    private static partial Regex Key();

    [GeneratedRegex(@"\+?\d[\d\s().\-/]{5,}\d")]
    private static partial Regex Phone();
}
