using System.Text;

namespace SalesBrain.Core.Values;

/// <summary>
/// Texts as search compares them: normal form, letter case and accents make no difference. The same as <c>app.search_text</c> in the
/// database; a test compares the two.
/// </summary>
public static class SearchText
{
    /// <summary>The text in lower case, without accents and invisible characters. Doing it twice changes nothing.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }
        var plain = new StringBuilder(text.Length);
        foreach (var rune in NormalForms.Nfkd(text).EnumerateRunes())
        {
            if (!IsLeftOut(rune.Value))
            {
                Append(plain, Rune.ToLowerInvariant(rune));
            }
        }
        return NormalForms.Nfc(plain.ToString());
    }

    /// <summary>
    /// Letters that do not decompose but that people type without their stroke, ligatures, and typographic apostrophes and hyphens.
    /// </summary>
    private static void Append(StringBuilder plain, Rune rune) => _ = rune.Value switch
    {
        'æ' => plain.Append("ae"),
        'œ' => plain.Append("oe"),
        'ß' => plain.Append("ss"),
        'þ' => plain.Append("th"),
        'ø' => plain.Append('o'),
        'ł' => plain.Append('l'),
        'đ' or 'ð' or 'ɗ' => plain.Append('d'),
        'ħ' => plain.Append('h'),
        'ŧ' => plain.Append('t'),
        'ı' => plain.Append('i'),
        'ɓ' => plain.Append('b'),
        'ƙ' => plain.Append('k'),
        'ς' => plain.Append('σ'),
        >= '\u2018' and <= '\u2019' or '\u02BB' or '\u02BC' => plain.Append('\''),
        >= '\u2010' and <= '\u2014' or '\u2212' => plain.Append('-'),
        _ => plain.Append(rune.ToString()),
    };

    /// <summary>Accents, vowel points of Hebrew and Arabic, and invisible characters.</summary>
    private static bool IsLeftOut(int point) => point is >= 0x0300 and <= 0x036F
        or >= 0x0591 and <= 0x05BD or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
        or >= 0x064B and <= 0x065F or 0x0670
        or >= 0x1AB0 and <= 0x1AFF or >= 0x1DC0 and <= 0x1DFF or >= 0x20D0 and <= 0x20FF or >= 0xFE20 and <= 0xFE2F
        or 0x00AD or 0x061C or 0x180E or >= 0x200B and <= 0x200F or >= 0x202A and <= 0x202E or >= 0x2060 and <= 0x206F
        or >= 0xFE00 and <= 0xFE0F or 0xFEFF;
}
