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
        clean = Word().Replace(clean, word => IsKey(word.Value) ? "[secret]" : word.Value);
        clean = Phone().Replace(clean, "[number]");
        if (clean.Length > MaxLength)
        {
            clean = clean[..(char.IsHighSurrogate(clean[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        }
        return string.IsNullOrWhiteSpace(clean) ? "No details." : clean.Trim();
    }

    /// <summary>Keys and tokens have letters and digits.</summary>
    private static bool IsKey(string word) => word.Any(char.IsAsciiDigit) && word.Any(char.IsAsciiLetter);

    [GeneratedRegex(@"[\p{Cc}\p{Cs}\u2028\u2029]+", RegexOptions.NonBacktracking)]
    private static partial Regex Controls();

    [GeneratedRegex(@"[^\s<>,;""'()]+(@|%40)[^\s<>,;""'()]+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"[A-Za-z0-9_\-+/=.]{20,}", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\+?\d[\d\s().\-/]{5,}\d", RegexOptions.NonBacktracking)]
    private static partial Regex Phone();
}
