using System.Text;
using System.Text.Unicode;

namespace SalesBrain.Functions.Http;

/// <summary>
/// How both hosts' servers read the values of request headers: as UTF-8, and a value that is not UTF-8 as Latin-1, which takes every byte.
/// Without this, one odd byte in any header refuses the request before the app sees it. A NUL is still refused.
/// </summary>
public sealed class RequestHeaderEncoding : Encoding
{
    private static readonly RequestHeaderEncoding Instance = new();

    private RequestHeaderEncoding()
    {
    }

    /// <summary>For <c>KestrelServerOptions.RequestHeaderEncodingSelector</c>.</summary>
    public static Encoding? Select(string name) => Instance;

    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) =>
        Of(bytes.AsSpan(index, count)).GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        Of(bytes.AsSpan(byteIndex, byteCount)).GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);

    private static Encoding Of(ReadOnlySpan<byte> value) =>
        value.Contains((byte)0) ? throw new DecoderFallbackException("A header has a NUL.")
        : Utf8.IsValid(value) ? UTF8
        : Latin1;
}
