using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// Reads texts from untrusted JSON in valid UTF-8. Never throws, unlike System.Text.Json on an escaped lone surrogate. Characters that
/// PostgreSQL cannot store (NUL, lone surrogates) become U+FFFD.
/// </summary>
internal static class PayloadText
{
    /// <summary>Stands where a text held what can't be stored.</summary>
    public const char Replacement = '\uFFFD';
    private const int StackLimit = 512;

    /// <summary>
    /// The text of a string, or a number as written, without blanks around it, cut at the limit (UTF-16 code units). Null for blanks and
    /// other types.
    /// </summary>
    public static string? Cut(JsonElement value, int limit) => Read(value, limit, out _);

    /// <summary>As <see cref="Cut"/>, but null when longer than the limit: half an id is the id of something else.</summary>
    public static string? Whole(JsonElement value, int limit) => Read(value, limit, out var isCut) is { } text && !isCut ? text : null;

    /// <summary>A whole number, also when written as text; null when it is none or beyond 32 bits.</summary>
    public static int? Integer(JsonElement value) =>
        Whole(value, 20) is { } text && WholeNumbers.TryRead(text, out var number) ? number : null;

    /// <summary>True or false, also when written as text; null when it is neither.</summary>
    public static bool? Boolean(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Whole(value, 5) is { } text && bool.TryParse(text, out var flag) ? flag : null,
    };

    /// <summary>A member's name as it stands between its quotes, escapes resolved; null when longer than the limit.</summary>
    public static string? Name(ReadOnlySpan<byte> raw, int limit) =>
        Unescape(raw, limit, dropBlanks: false, out var isCut) is var name && isCut ? null : name;

    private static string Unescape(ReadOnlySpan<byte> raw, int limit, bool dropBlanks, out bool isCut)
    {
        var rented = limit > StackLimit ? ArrayPool<char>.Shared.Rent(limit) : null;
        var buffer = rented is null ? stackalloc char[StackLimit] : rented.AsSpan();
        buffer = buffer[..limit];
        Span<char> pair = stackalloc char[2];
        var length = 0;
        isCut = false;
        while (!raw.IsEmpty && !isCut)
        {
            if (raw[0] == '\\')
            {
                var character = pair[..ReadEscape(ref raw, pair)];
                if (dropBlanks && length == 0 && char.IsWhiteSpace(character[0]))
                {
                    continue;
                }
                isCut = !character.TryCopyTo(buffer[length..]);
                length += isCut ? 0 : character.Length;
            }
            else
            {
                var end = raw.IndexOf((byte)'\\');
                var run = end < 0 ? raw : raw[..end];
                Utf8.ToUtf16(run, buffer[length..], out var read, out var written);
                raw = raw[read..];
                var blanks = 0;
                if (dropBlanks && length == 0)
                {
                    var text = buffer[..written].TrimStart();
                    blanks = written - text.Length;
                    text.CopyTo(buffer);
                }
                length += written - blanks;
                // Collapsing spaces freed room for more text.
                isCut = read < run.Length && blanks == 0;
            }
        }
        var result = new string(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
        return result;
    }

    private static string? Read(JsonElement value, int limit, out bool isCut)
    {
        isCut = false;
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return null;
        }
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var text = Unescape(value.ValueKind == JsonValueKind.String ? raw[1..^1] : raw, limit, dropBlanks: true, out isCut).TrimEnd();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Reads one escape, or the two of a surrogate pair. The parser has seen that escapes are well-formed.</summary>
    private static int ReadEscape(ref ReadOnlySpan<byte> raw, scoped Span<char> character)
    {
        character[0] = ReadCodeUnit(ref raw);
        if (char.IsHighSurrogate(character[0]) && raw.StartsWith("\\u"u8))
        {
            var rest = raw;
            character[1] = ReadCodeUnit(ref rest);
            if (char.IsLowSurrogate(character[1]))
            {
                raw = rest;
                return 2;
            }
        }
        if (character[0] == '\0' || char.IsSurrogate(character[0]))
        {
            character[0] = Replacement;
        }
        return 1;
    }

    private static char ReadCodeUnit(ref ReadOnlySpan<byte> raw)
    {
        var kind = raw[1];
        if (kind == 'u')
        {
            var unit = ushort.Parse(raw.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            raw = raw[6..];
            return (char)unit;
        }
        raw = raw[2..];
        return kind switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)kind,
        };
    }
}
