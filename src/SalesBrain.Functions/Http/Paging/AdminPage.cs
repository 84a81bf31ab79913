using SalesBrain.Core.Paging;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>
/// The fields of every admin list in addition to its rows. The response of a list derives from it and names the rows:
/// <c>sealed class UserPage(Page&lt;UserRow&gt; page) : AdminPage(page) { public IReadOnlyList&lt;UserRow&gt; Users => page.Rows; }</c>.
/// </summary>
public abstract class AdminPage
{
    protected AdminPage(Page page)
    {
        Total = page.Total.Value;
        TotalIsExact = page.Total.IsExact;
        Limit = page.Limit;
        Offset = page.Offset;
        HasMore = page.NextCursor is not null;
        NextCursor = page.NextCursor;
    }

    /// <summary>Number of matching rows on all pages, at most 10,000.</summary>
    public int Total { get; }

    /// <summary>False if more than <see cref="Total"/> rows match.</summary>
    public bool TotalIsExact { get; }

    public int Limit { get; }

    /// <summary>Number of rows before this page.</summary>
    public int Offset { get; }

    public bool HasMore { get; }

    /// <summary>The <c>cursor</c> for the next page; null on the last page.</summary>
    public string? NextCursor { get; }
}

/// <summary>A page without its rows.</summary>
public abstract record Page(BoundedCount Total, int Limit, int Offset, string? NextCursor);

/// <summary>A page with its rows.</summary>
public sealed record Page<TRow>(IReadOnlyList<TRow> Rows, BoundedCount Total, int Limit, int Offset, string? NextCursor)
    : Page(Total, Limit, Offset, NextCursor);

/// <summary>Cutting pages.</summary>
public static class Pages
{
    /// <summary>
    /// Creates the page from the rows of a query for <c>limit + 1</c>. The extra row only shows that there is a next page.
    /// <paramref name="key"/> returns the key that <see cref="PageCursors.TryRead"/> later reads.
    /// </summary>
    public static Page<TRow> ToPage<TRow, TKey>(
        this IAdminList list, PageCursors cursors, IReadOnlyList<TRow> rows, BoundedCount total, Func<TRow, TKey> key)
        where TKey : struct
    {
        var offset = list.Cursor is null ? list.Offset : cursors.RowsBefore<TKey>(list);
        return rows.Count <= list.Limit
            ? new(rows, total, list.Limit, offset, null)
            : new(
                [.. rows.Take(list.Limit)], total, list.Limit, offset,
                cursors.Write(list, key(rows[list.Limit - 1]), (long)offset + list.Limit));
    }
}
