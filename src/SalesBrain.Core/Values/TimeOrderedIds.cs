using System.Buffers.Binary;

namespace SalesBrain.Core.Values;

/// <summary>
/// Ids of rows in tables partitioned by month: version 7 UUIDs (RFC 9562, section 5.7) whose millisecond timestamp is the row's
/// <c>created_at</c>, so that an id alone leads to the one partition that can hold it.
/// </summary>
public static class TimeOrderedIds
{
    /// <summary>A new id and the time that belongs to it.</summary>
    public static (Guid Id, DateTime CreatedAt) Create(DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return (id, CreatedAt(id));
    }

    /// <summary>The time in an id. For an id of another UUID version the time is arbitrary, and no row is found.</summary>
    public static DateTime CreatedAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = ((long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        // 48 bits reach past the year 9999, the limit of DateTime.
        return DateTime.UnixEpoch.AddMilliseconds(Math.Min(milliseconds, 253_402_300_799_999));
    }
}
