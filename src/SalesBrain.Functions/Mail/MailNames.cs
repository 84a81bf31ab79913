using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SalesBrain.Functions.Mail;

/// <summary>Names that somebody else chose, for the text of an e-mail to a third person: a name must not look like a part of the e-mail.</summary>
internal static partial class MailNames
{
    /// <summary>Longer names are cut: a sentence is no name.</summary>
    private const int MaxLength = 80;

    /// <summary>
    /// The name on one line, without control, invisible and bidirectional characters; null if nothing is left, or if the name contains
    /// something that mail programs turn into a link (a URL, a domain, an e-mail address).
    /// </summary>
    internal static string? Of(string? name)
    {
        if (name is null)
        {
            return null;
        }
        var line = OneLine(name);
        return line.Length == 0 || Link().IsMatch(line) ? null : Cut(line);
    }

    /// <summary>The text on one line, as a header needs it.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        // Compatibility forms: a full-width dot or letter works in a link like the usual one.
        foreach (var rune in Normalized(text).EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator:
                    line.Append(' ');
                    break;
                case UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    line.Append(rune.ToString());
                    break;
            }
        }
        return string.Join(' ', line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // A lone surrogate has no normal form; EnumerateRunes replaces it.
    private static string Normalized(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune.ToString());
        }
        return whole.ToString().Normalize(NormalizationForm.FormKC);
    }

    private static string Cut(string line)
    {
        var elements = StringInfo.ParseCombiningCharacters(line);
        return elements.Length <= MaxLength ? line : line[..elements[MaxLength - 1]].TrimEnd() + "…";
    }

    /// <summary>A scheme, "www.", an @, or a dot (of any script's) between letters or digits.</summary>
    [GeneratedRegex(
        @"://|\b(https?|ftp|mailto|tel|sms|javascript|data):|\bwww\b|@|[\p{L}\p{M}\p{N}\-_][.\u3002\uFF61](?=[\p{L}\p{M}\p{N}])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
