using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Live;

/// <summary>
/// How far a client has been told. Events of coalesced channels are told up to a second later than the others, so each kind has a position
/// of its own: everything up to it has been told, and nothing behind it.
/// </summary>
/// <param name="Each">Of channels that tell each event.</param>
/// <param name="Coalesced">Of channels that tell once a second.</param>
/// <param name="At">The database's time when it was made. What is older than the kept events is refused.</param>
public sealed record LiveCursor(LivePosition Each, LivePosition Coalesced, DateTimeOffset At)
{
    private const int ContentLength = 5 * sizeof(long);

    /// <summary>No written cursor is longer.</summary>
    public const int MaxTextLength = 100;

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
    public static bool TryRead(string text, MessageCodes codes, [NotNullWhen(true)] out LiveCursor? cursor)
    {
        cursor = null;
        Span<byte> bytes = stackalloc byte[MessageCodes.Length + ContentLength];
        if (text.Length > MaxTextLength || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != bytes.Length
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
