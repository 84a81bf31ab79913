using System.Buffers.Binary;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>
/// Ids of webhook logs are version 7 UUIDs (RFC 9562, section 5.7) whose millisecond timestamp is the row's <c>created_at</c>: an id
/// alone leads to the one partition that can hold it, and newest-first is the order of ids.
/// </summary>
public static class WebhookLogIds
{
    /// <summary>A new id and the time that belongs to it.</summary>
    public static (Guid Id, DateTime CreatedAt) Create(DateTimeOffset now) => TimeOrderedIds.Create(now);

    /// <summary>
    /// The ids of logs that are received together: each is larger than the one before, so that their order is kept. At most 262,144.
    /// </summary>
    public static (Guid[] Ids, DateTime CreatedAt) CreateMany(DateTimeOffset now, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1 << 18);
        var ids = new Guid[count];
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < count; i++)
        {
            Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
            // The number takes the place of the 12 random bits behind the version and of the first 6 behind the variant.
            bytes[6] = (byte)(0x70 | (i >> 14));
            bytes[7] = (byte)(i >> 6);
            bytes[8] = (byte)(0x80 | (i & 0x3f));
            ids[i] = new Guid(bytes, bigEndian: true);
        }
        return (ids, count == 0 ? default : CreatedAt(ids[0]));
    }

    /// <summary>
    /// The smallest id of a log that is received at this time. In newest-first order, it is behind all of that time's logs.
    /// </summary>
    public static Guid SmallestAt(DateTime createdAt)
    {
        var bytes = new byte[16];
        var milliseconds = (createdAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(milliseconds >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)milliseconds);
        // The version and variant of RFC 9562.
        (bytes[6], bytes[8]) = (0x70, 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The time in an id. For an id of another UUID version the time is arbitrary, and the log is not found.</summary>
    public static DateTime CreatedAt(Guid id) => TimeOrderedIds.CreatedAt(id);
}
