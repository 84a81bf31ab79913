using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SalesBrain.Core.Values;

/// <summary>
/// Names of people and organizations: one line, without invisible and bidirectional characters, and without URLs. Names stand in mails and
/// lists of other people, where they must be what they seem. What a user enters is refused; what a webhook brings is cleaned.
/// </summary>
public static partial class NameText
{
    /// <summary>What a name must be, as a validation message.</summary>
    public const string Rule = "must be one line without control, invisible or bidirectional characters and without URLs";

    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int EmojiVariation = 0xFE0F;

    /// <summary>Whether the name is as <see cref="Rule"/> says. A domain alone, as in <c>Booking.com</c>, is not a URL.</summary>
    public static bool IsValid(string name)
    {
        var trimmed = name.Trim();
        return Visible(trimmed) == trimmed && !HasUrl(trimmed);
    }

    /// <summary>
    /// The name with line breaks as blanks, and without what it must not have; of a URL its host stays. Cut at the limit in UTF-16 code
    /// units. Null if nothing is left. The result is valid.
    /// </summary>
    public static string? Clean(string? name, int limit)
    {
        if (name is null)
        {
            return null;
        }
        var clean = Visible(NormalForms.Nfc(name)).Trim();
        if (HasUrl(clean))
        {
            clean = Visible(WithoutUrls(NormalForms.Nfkc(clean))).Trim();
        }
        if (clean.Length > limit)
        {
            clean = clean[..(char.IsHighSurrogate(clean[limit - 1]) ? limit - 1 : limit)].TrimEnd();
        }
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>The name on one line and without invisible characters, except for joiners that are part of a word or an emoji.</summary>
    private static string Visible(string name)
    {
        if (Ascii.IsValid(name) && name.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return name;
        }
        var runes = name.EnumerateRunes().ToArray();
        var visible = new StringBuilder(name.Length);
        for (var i = 0; i < runes.Length; i++)
        {
            if (Rune.IsControl(runes[i]) || runes[i].Value is 0x2028 or 0x2029)
            {
                visible.Append(' ');
            }
            else if (!IsInvisible(runes[i])
                || (IsJoiner(runes[i]) && i > 0 && i < runes.Length - 1 && IsJoined(runes[i - 1]) && IsJoined(runes[i + 1])))
            {
                visible.Append(runes[i].ToString());
            }
        }
        return visible.ToString();
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        // Combining grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian and Braille blanks, interlinear marks, tags.
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB)
            or (>= 0xE0000 and <= 0xE0FFF);

    private static bool IsJoiner(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner;

    /// <summary>
    /// Whether a joiner beside the character changes how it is written: in emoji and in scripts such as Persian and Hindi, but not in
    /// Latin, Greek and Cyrillic.
    /// </summary>
    private static bool IsJoined(Rune rune) => rune.Value == EmojiVariation || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.OtherSymbol or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.ModifierSymbol => rune.Value >= 0x1F3FB,
        UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => rune.Value >= 0x0590,
        _ => false,
    };

    private static bool HasUrl(string name) => (!Ascii.IsValid(name) || name.AsSpan().ContainsAny(':', '.')) && Url().IsMatch(Plain(name));

    /// <summary>As programs that turn texts into links may read it.</summary>
    private static string Plain(string name) => NormalForms.Nfkc(name).Replace('\u3002', '.');

    private static string WithoutUrls(string name)
    {
        var text = Plain(name);
        // What is left of one URL can be the beginning of another.
        for (var i = 0; i < 4 && Url().IsMatch(text); i++)
        {
            text = Url().Replace(text, match => match.Groups["host"].Value);
        }
        return Url().IsMatch(text) ? text.Replace('/', ' ').Replace('\\', ' ').Replace(':', ' ').Replace('.', ' ') : text;
    }

    /// <summary>
    /// A scheme with slashes, <c>mailto:</c>, <c>www.</c>, or a domain with a port or path. Its last label is in one letter case or
    /// well-known: <c>St.Gallen/Wil</c> is a place.
    /// </summary>
    [GeneratedRegex("""
        \b[a-z][a-z0-9+.-]*:\s*[/\\]{2}[/\\]*(?<host>[^\s/\\?#:]*)(?:[/\\:?#]\S*)?
        |\b(?:https?|ftp)\s*:\s*[/\\]+(?<host>[^\s/\\?#:]*)(?:[/\\:?#]\S*)?
        |\bmailto\s*:\s*(?=\S)
        |(?<![\p{L}\p{N}])www\d?\.(?=[^\s.])
        |(?<![\p{L}\p{N}@._-])(?<host>(?:[\p{L}\p{N}-]+\.)+(?-i:\p{Ll}{2,}|\p{Lu}{2,}|[A-Za-z]{2}|(?i:com|net|org|info|biz|xn--[a-z0-9-]+)))(?::\d{2,5}(?:[/\\?#]\S*)?|[/\\]\S*|[?#]\S+)
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Url();
}
