using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Core.Security;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>
/// The cursors of a caller: the end of a page, which is the sort key of its last row, opaque to callers and signed. A cursor is valid only
/// for the same list, filters and order, and for callers with the same role in the same organization, agency or client.
/// </summary>
public sealed class PageCursors(CursorCodes codes, RoleScope? scope)
{
    /// <summary>The largest number of rows before a page that a cursor counts. The page itself may be deeper.</summary>
    internal const int MaxRowsBefore = 1_000_000_000;

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
    public bool TryRead<TKey>(ICursorList list, out TKey? key)
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

    internal string Write<TKey>(ICursorList list, TKey last, long rowsBefore)
        where TKey : struct
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Content<TKey>(last, (int)Math.Min(rowsBefore, MaxRowsBefore)), JsonResponse.Snake);
        return Base64Url.EncodeToString([.. codes.Codes.Sign(MessageOf(list, content)), .. content]);
    }

    /// <summary>Rows of the pages before the cursor; 0 without one.</summary>
    internal int RowsBefore<TKey>(ICursorList list)
        where TKey : struct =>
        list.Cursor is not null && TryReadContent<TKey>(list, out var content) ? content.RowsBefore : 0;

    private bool TryReadContent<TKey>(ICursorList list, out Content<TKey> content)
        where TKey : struct
    {
        content = default;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(list.Cursor!.Length)];
        if (Base64Url.DecodeFromChars(list.Cursor, bytes, out _, out var length) != OperationStatus.Done || length <= MessageCodes.Length)
        {
            return false;
        }
        var json = bytes.AsSpan(MessageCodes.Length..length);
        // One value has one spelling.
        if (Base64Url.EncodeToString(bytes.AsSpan(0, length)) != list.Cursor
            || !codes.Codes.Verify(MessageOf(list, json), bytes.AsSpan(0, MessageCodes.Length)))
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
        return content.RowsBefore is >= 0 and <= MaxRowsBefore;
    }

    /// <summary>What is signed: the content, the list, the caller's scope, and every member of the input but the page's own.</summary>
    private byte[] MessageOf(ICursorList list, ReadOnlySpan<byte> content) => JsonSerializer.SerializeToUtf8Bytes(
        new object?[]
        {
            Convert.ToBase64String(content),
            list.GetType().FullName,
            scope,
            InputShape.Of(list.GetType()).Members.Where(member => !OwnMembers.Contains(member.Property.Name))
                .Select(member => member.Property.GetValue(list)),
        },
        JsonResponse.Snake);

    private readonly record struct Content<TKey>(TKey Key, int RowsBefore);
}
