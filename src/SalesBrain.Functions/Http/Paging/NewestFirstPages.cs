using SalesBrain.Core.Paging;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>Beginning and cutting pages of admin lists that begin with the newest.</summary>
public static class NewestFirstPages
{
    /// <summary>Which rows to read for the page, one too many; false means <see cref="PageCursors.Invalid"/>.</summary>
    public static bool TryStart(this IAdminList list, PageCursors cursors, out NewestFirstPage page)
    {
        var valid = cursors.TryRead<NewestFirst>(list, out var after);
        page = new(list.Limit + 1, list.Cursor is null ? list.Offset : 0, after);
        return valid;
    }

    /// <summary>
    /// Cuts the page from the rows of a query for <c>limit + 1</c>: the row too many only says that there is a next page.
    /// </summary>
    public static Page<TRow> ToPage<TRow>(this IAdminList list, PageCursors cursors, IReadOnlyList<TRow> rows, BoundedCount total)
        where TRow : INewestFirstRow =>
        list.ToPage(cursors, rows, total, row => new NewestFirst(row.CreatedAt, row.Id));
}
