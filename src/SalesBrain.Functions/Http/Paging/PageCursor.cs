using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>
/// The end of a page: the sort key of its last row, opaque to callers. It is valid only for the same list, filters and order. It gives no
/// access to other rows, so it is checked for mistakes, not for forgery.
/// </summary>
public static class PageCursor
{
    private const int CheckLength = 8;

    /// <summary>Members that only select the page.</summary>
    private static readonly string[] OwnMembers =
        [nameof(ICursorList.Cursor), nameof(IAdminList.Limit), nameof(IAdminList.Offset), nameof(IV1List.Page), nameof(IV1List.PageSize)];

    /// <summary>422 for an invalid cursor, or for one of another filter or order.</summary>
    public static Problem Invalid { get; } = Problems.InvalidMember(
        "cursor", "is not a cursor of this list with these filters and this order; start again without it");

    /// <summary>
    /// Reads the row key from the cursor of a list; null if no cursor was sent. False means <see cref="Invalid"/>. <c>t_key</c> is the type
    /// of the sort key, such as an id or a record struct of a time and an id.
    /// </summary>
    public static bool TryRead<TKey>(ICursorList list, out TKey? key)
        where TKey : struct
    {
        key = null;
        if (list.Cursor is null)
        {
            return true;
        }
        if (!TryReadContent<TKey>(list, out var content))
        {
            return false;
        }
        key = content.Key;
        return true;
    }

    internal static string Write<TKey>(ICursorList list, TKey last, int rowsBefore)
        where TKey : struct
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new Content<TKey>(last, rowsBefore), JsonResponse.Snake);
        return Base64Url.EncodeToString([.. Check(list, content), .. content]);
    }

    /// <summary>Rows of the pages before the cursor; 0 without one.</summary>
    internal static int RowsBefore<TKey>(ICursorList list)
        where TKey : struct =>
        list.Cursor is not null && TryReadContent<TKey>(list, out var content) ? content.RowsBefore : 0;

    private static bool TryReadContent<TKey>(ICursorList list, out Content<TKey> content)
        where TKey : struct
    {
        content = default;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(list.Cursor!.Length)];
        if (Base64Url.DecodeFromChars(list.Cursor, bytes, out _, out var length) != OperationStatus.Done || length <= CheckLength)
        {
            return false;
        }
        var json = bytes.AsSpan(CheckLength..length);
        if (!Check(list, json).AsSpan().SequenceEqual(bytes.AsSpan(0, CheckLength)))
        {
            return false;
        }
        try
        {
            content = JsonSerializer.Deserialize<Content<TKey>>(json, JsonResponse.Snake);
        }
        catch (JsonException)
        {
            return false;
        }
        return content.RowsBefore >= 0;
    }

    /// <summary>Eight bytes that change with the content, and with every member of the input but the page's own.</summary>
    private static byte[] Check(ICursorList list, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(list.GetType().FullName));
        foreach (var member in InputShape.Of(list.GetType()).Members)
        {
            if (!OwnMembers.Contains(member.Property.Name))
            {
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(member.Property.GetValue(list), JsonResponse.Snake));
            }
        }
        return hash.GetHashAndReset()[..CheckLength];
    }

    private readonly record struct Content<TKey>(TKey Key, int RowsBefore);
}
