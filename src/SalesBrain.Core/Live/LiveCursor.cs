using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Live;

/// <summary>
/// How far a client has been told. Events of coalesced channels are told up to a second later than the others, so each kind has a position of its own:
/// everything up to it has been told, and nothing behind it.
/// </summary>
/// <param name="Each">Of channels that tell each event.</param>
/// <param name="Coalesced">Of channels that tell once a second.</param>
/// <param name="At">The database's time when it was made. What is older than the kept events is refused.</param>
public readonly record struct LiveCursor(LivePosition Each, LivePosition Coalesced, DateTimeOffset At)
{
    private const int ContentLength = 5 * sizeof(long);

    /// <summary>The characters of a written cursor.</summary>
    public static readonly int TextLength = Base64Url.GetEncodedLength(MessageCodes.Length + ContentLength);

    /// <summary>As clients get it: authenticated, in base64url.</summary>
    public string Write(MessageCodes codes)
    {
        Span<byte> bytes = stackalloc byte[MessageCodes.Length + ContentLength];
        var content = bytes[MessageCodes.Length..];
        BinaryPrimitives.WriteInt64BigEndian(content, Each.Xid);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], Each.Number);
        BinaryPrimitives.WriteInt64BigEndian(content[16..], Coalesced.Xid);
        BinaryPrimitives.WriteInt64BigEndian(content[24..], Coalesced.Number);
        BinaryPrimitives.WriteInt64BigEndian(content[32..], At.ToUnixTimeMilliseconds());
        codes.Sign(content).CopyTo(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a written cursor. False for everything that <see cref="Write"/> did not write with one of the keys.</summary>
    public static bool TryRead(string text, MessageCodes codes, out LiveCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[MessageCodes.Length + ContentLength];
        if (text.Length != TextLength || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != bytes.Length
            // One value has one spelling.
            || Base64Url.EncodeToString(bytes) != text)
        {
            return false;
        }
        var content = bytes[MessageCodes.Length..];
        if (!codes.Verify(content, bytes[..MessageCodes.Length]))
        {
            return false;
        }
        cursor = new(
            new(BinaryPrimitives.ReadInt64BigEndian(content), BinaryPrimitives.ReadInt64BigEndian(content[8..])),
            new(BinaryPrimitives.ReadInt64BigEndian(content[16..]), BinaryPrimitives.ReadInt64BigEndian(content[24..])),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content[32..])));
        return true;
    }
}
