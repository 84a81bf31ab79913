using System.Text;

namespace SalesBrain.Integrations.Csv;

/// <summary>The encodings of files: detected by their byte order mark, or by what the bytes can be.</summary>
internal static class CsvEncodings
{
    internal const string Utf8 = "utf-8";
    internal const string Utf16LittleEndian = "utf-16le";
    internal const string Utf16BigEndian = "utf-16be";
    internal const string Windows1252 = "windows-1252";

    internal static readonly string[] Names = [Utf8, Utf16LittleEndian, Utf16BigEndian, Windows1252];

    /// <summary>Invalid bytes become the replacement character.</summary>
    internal static Encoding Of(string name) => name switch
    {
        Utf8 => new UTF8Encoding(false),
        Utf16LittleEndian => new UnicodeEncoding(false, false),
        Utf16BigEndian => new UnicodeEncoding(true, false),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
    };

    /// <summary>Bytes of the byte order mark at the start.</summary>
    internal static int MarkLength(string name, ReadOnlySpan<byte> head) => name switch
    {
        Utf8 when head.StartsWith("\uFEFF"u8) => 3,
        Utf16LittleEndian when head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) => 2,
        Utf16BigEndian when head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) => 2,
        _ => 0,
    };

    /// <summary>The encoding of a whole file; null if it is binary.</summary>
    internal static async Task<string?> DetectAsync(Stream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var head = buffer.AsMemory(0, length);
        if (ByMark(head.Span) is { } marked)
        {
            return marked;
        }
        if (head.Span.Contains((byte)0))
        {
            return ByZeros(head.Span);
        }
        var check = new Utf8Check();
        var isUtf8 = true;
        do
        {
            if (buffer.AsSpan(0, length).Contains((byte)0))
            {
                return null;
            }
            isUtf8 = isUtf8 && check.IsValid(buffer.AsSpan(0, length));
            length = await file.ReadAsync(buffer, cancellationToken);
        }
        while (length > 0);
        return isUtf8 && check.IsComplete ? Utf8 : Windows1252;
    }

    private static string? ByMark(ReadOnlySpan<byte> head) =>
        MarkLength(Utf8, head) > 0 ? Utf8
        : MarkLength(Utf16LittleEndian, head) > 0 ? Utf16LittleEndian
        : MarkLength(Utf16BigEndian, head) > 0 ? Utf16BigEndian
        : null;

    /// <summary>In UTF-16 without a mark, the high bytes of commas, line breaks and Latin letters are zero, and no low bytes are.</summary>
    private static string? ByZeros(ReadOnlySpan<byte> head)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }
        return (even, odd) switch
        {
            (0, > 0) when odd * 4 >= head.Length / 2 => Utf16LittleEndian,
            ( > 0, 0) when even * 4 >= head.Length / 2 => Utf16BigEndian,
            _ => null,
        };
    }

    /// <summary>Validates UTF-8 that comes in pieces.</summary>
    private sealed class Utf8Check
    {
        private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        private readonly char[] _characters = new char[64 * 1024 + 16];

        internal bool IsComplete
        {
            get
            {
                try
                {
                    _decoder.GetChars([], _characters, flush: true);
                    return true;
                }
                catch (DecoderFallbackException)
                {
                    return false;
                }
            }
        }

        internal bool IsValid(ReadOnlySpan<byte> bytes)
        {
            try
            {
                _decoder.GetChars(bytes, _characters, flush: false);
                return true;
            }
            catch (DecoderFallbackException)
            {
                return false;
            }
        }
    }
}
