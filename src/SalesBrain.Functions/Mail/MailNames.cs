using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SalesBrain.Functions.Mail;

/// <summary>
/// Names that somebody else chose, for the text of an e-mail to a third person: a name must not look like a part of the e-mail.
/// </summary>
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
        return line.Length == 0 || Link().IsMatch(Folded(line)) ? null : Cut(line);
    }

    /// <summary>The text on one line, as a header needs it.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
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

    /// <summary>
    /// Full-width and small forms as the usual characters, because they work in a link. The runtime normalizes ASCII only.
    /// </summary>
    private static string Folded(string line) => string.Concat(line.Select(letter => letter switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(letter - 0xFEE0),
        '\u3002' or '\uFF61' or '\uFE52' or '\u2024' => '.',
        '\uFE55' => ':',
        '\uFE6B' => '@',
        _ => letter,
    }));

    private static string Cut(string line)
    {
        var elements = StringInfo.ParseCombiningCharacters(line);
        return elements.Length <= MaxLength ? line : line[..elements[MaxLength - 1]].TrimEnd() + "…";
    }

    /// <summary>A scheme, "www", an @, or a dot in the middle of a word.</summary>
    [GeneratedRegex(
        @"://|\b(https?|ftp|mailto|tel|sms|javascript|data):|\bwww\b|@|[^\s.]\.(?=[^\s\p{P}])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
