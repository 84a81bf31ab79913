using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SalesBrain.Core.Values;

/// <summary>
/// Takes the text of one e-mail address out of what surrounds it. The SQL function <c>app.clean_email</c> does the same with the same
/// characters; a test compares them, so change both.
/// </summary>
internal static class EmailText
{
    /// <summary>Unicode's white space.</summary>
    internal static readonly SearchValues<char> Blanks = SearchValues.Create(
        "\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000");

    /// <summary>
    /// From, to: characters that are not seen (format, joining and bidirectional characters, fillers, variation selectors, tags).
    /// </summary>
    private static readonly (int From, int To)[] Invisible =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x0600, 0x0605), (0x061C, 0x061C), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891),
        (0x08E2, 0x08E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD),
        (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"'`“”„‟«»‹›‘’‚‛「」『』【】〈〉《》");
    private static readonly SearchValues<char> Leading = SearchValues.Create("<([,;:\"“”„‟«»‹›‘’‚‛「」『』【】〈〉《》");
    private static readonly SearchValues<char> Trailing = SearchValues.Create(">)],;:.!?\"'`“”„‟«»‹›‘’‚‛「」『』【】〈〉《》");

    private static readonly (char Open, char Close)[] Pairs = [('<', '>'), ('(', ')'), ('[', ']')];

    /// <summary>
    /// NFC without invisible characters. The full-width forms of ASCII, which input methods write, and the ideographic full stops become
    /// ASCII.
    /// </summary>
    internal static string Seen(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }
        var seen = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var point = rune.Value;
            if (!IsInvisible(point))
            {
                seen.Append(point switch
                {
                    >= 0xFF01 and <= 0xFF5E => new Rune(point - 0xFEE0),
                    0xFE6B => new Rune('@'),
                    0x3002 or 0xFF61 => new Rune('.'),
                    _ => rune,
                });
            }
        }
        return NormalForms.Nfc(seen.ToString());
    }

    /// <summary>The text with its percent-encoding resolved as often as there is any. The same text if an encoding is not UTF-8.</summary>
    internal static string Decoded(string text)
    {
        for (var current = text; ; current = text)
        {
            text = Seen(DecodedOnce(current));
            if (text == current)
            {
                return text;
            }
        }
    }

    /// <summary>The address without a name, brackets, quotes, comments, <c>mailto:</c> and punctuation around it.</summary>
    internal static string Bare(string text)
    {
        while (true)
        {
            var bare = WithoutOneDecoration(Trimmed(text));
            if (bare == text)
            {
                return bare;
            }
            text = bare;
        }
    }

    internal static string Trimmed(string text) =>
        text.AsSpan().Trim(Blanks) is var trimmed && trimmed.Length == text.Length ? text : trimmed.ToString();

    private static ReadOnlySpan<char> Trim(this ReadOnlySpan<char> text, SearchValues<char> characters)
    {
        var start = text.IndexOfAnyExcept(characters);
        return start < 0 ? [] : text[start..(text.LastIndexOfAnyExcept(characters) + 1)];
    }

    private static string WithoutOneDecoration(string text)
    {
        const string Scheme = "mailto:";
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var address = text[Scheme.Length..].TrimStart('/');
            return address.IndexOf('?') is var query and >= 0 ? address[..query] : address;
        }
        foreach (var (open, close) in Pairs)
        {
            var (start, end) = (text.IndexOf(open), text.LastIndexOf(close));
            if (start < 0 || end < start)
            {
                continue;
            }
            var (before, inside, behind) = (text[..start], text[(start + 1)..end], text[(end + 1)..]);
            if (inside.Contains('@') && !behind.Contains('@') && (!before.Contains('@') || (open == '<' && IsName(Trimmed(before)))))
            {
                return inside;
            }
            if (open == '(' && !inside.Contains('@'))
            {
                // A comment (RFC 5322, section 3.2.2).
                return $"{before} {behind}";
            }
        }
        if (text.Length < 2)
        {
            return text;
        }
        var (first, last) = (text[0], text[^1]);
        if ((Quotes.Contains(first) && Quotes.Contains(last)) || (first == '{' && last == '}'))
        {
            return text[1..^1];
        }
        if (first == '"' && text.IndexOf('"', 1) is var quote and > 1 && text.AsSpan(quote + 1).StartsWith('@'))
        {
            // A quoted local part.
            return text[1..quote] + text[(quote + 1)..];
        }
        return Leading.Contains(first) ? text[1..] : Trailing.Contains(last) ? text[..^1] : text;
    }

    /// <summary>
    /// Whether a text in front of &lt;address&gt; is one person's name although it holds an @: in quotes, or without separators.
    /// </summary>
    private static bool IsName(string text) => text is ['"', .., '"'] || text.AsSpan().IndexOfAny(',', ';') < 0;

    private static bool IsInvisible(int point)
    {
        foreach (var (from, to) in Invisible)
        {
            if (point <= to)
            {
                return point >= from;
            }
        }
        return false;
    }

    private static string DecodedOnce(string text)
    {
        if (!text.Contains('%'))
        {
            return text;
        }
        var decoded = new StringBuilder(text.Length);
        var bytes = new byte[text.Length / 3];
        for (var i = 0; i < text.Length;)
        {
            var length = 0;
            while (i + 2 < text.Length && text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 3;
            }
            var run = bytes.AsSpan(0, length);
            if (length == 0)
            {
                decoded.Append(text[i++]);
            }
            else if (run.Contains((byte)0) || !Utf8.IsValid(run))
            {
                return text;
            }
            else
            {
                decoded.Append(Encoding.UTF8.GetString(run));
            }
        }
        return decoded.ToString();
    }
}
