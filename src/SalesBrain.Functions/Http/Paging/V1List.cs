using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>The parameters of every v1 list in addition to its filters. Inputs derive from <see cref="V1List{TSort}"/>.</summary>
public interface IV1List : ICursorList
{
    int Page { get; }

    int PageSize { get; }

    SortOrder? SortOrder { get; }
}

/// <summary>Sort direction.</summary>
public enum SortOrder
{
    /// <summary>A to Z, oldest or smallest first.</summary>
    Asc = 1,

    /// <summary>Z to A, newest or largest first.</summary>
    Desc,
}

/// <inheritdoc cref="IV1List"/>
/// <typeparam name="TSort">What the list can be sorted by; the first of its values unless something else is asked for.</typeparam>
public abstract record V1List<TSort> : IV1List, IValidatableObject
    where TSort : struct, Enum
{
    /// <summary>Page number, from 1. For pages beyond the first 10,000 rows, and for lists that grow meanwhile, use cursor.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "must be 1 or more")]
    [Accepts(Maximum = BoundedCount.Limit)]
    public int Page { get; init; } = 1;

    /// <summary>Rows per page.</summary>
    [Range(1, PageRules.MaxPageSize)]
    public int PageSize { get; init; } = PageRules.DefaultPageSize;

    /// <summary>Sort key. Equal rows are sorted by id; rows without a value come last.</summary>
    public TSort SortBy { get; init; }

    /// <summary>Sort direction. Default: ascending for texts, descending for times and numbers.</summary>
    public SortOrder? SortOrder { get; init; }

    /// <summary>The <c>next_cursor</c> of the previous page. Send the same filters and sort order.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? Cursor { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => PageRules.Check(this);
}

/// <summary>Beginning and cutting pages of v1 lists.</summary>
public static class V1Pages
{
    /// <summary>The rows to read for the page, including one extra row. False means <see cref="PageCursors.Invalid"/>.</summary>
    public static bool TryStart(this IV1List list, PageCursors cursors, SortKey key, out PageStart start)
    {
        var valid = cursors.TryRead<RowPosition>(list, out var after) && (after is null || key.Accepts(after.Value));
        var offset = list.Cursor is null ? (list.Page - 1) * list.PageSize : 0;
        start = new(
            key, list.SortOrder is { } order ? order == SortOrder.Desc : key.IsDescendingByDefault, list.PageSize + 1, offset,
            valid ? after : null);
        return valid;
    }

    /// <summary>
    /// Creates the page from the rows of a query for <c>page_size + 1</c>. The extra row only shows that there is a next page.
    /// </summary>
    public static Listing<TRow> ToPage<TRow>(this IV1List list, PageCursors cursors, IReadOnlyList<TRow> rows, BoundedCount total)
        where TRow : IListedRow
    {
        var before = list.Cursor is null ? (list.Page - 1) * list.PageSize : cursors.RowsBefore<RowPosition>(list);
        var hasMore = rows.Count > list.PageSize;
        return new Listing<TRow>
        {
            Data = hasMore ? [.. rows.Take(list.PageSize)] : rows,
            Pagination = new Pagination
            {
                Page = (before / list.PageSize) + 1,
                PageSize = list.PageSize,
                Total = total.Value,
                TotalIsExact = total.IsExact,
                TotalPages = (total.Value + list.PageSize - 1) / list.PageSize,
                NextCursor = hasMore
                    ? cursors.Write(
                        list, new RowPosition(rows[list.PageSize - 1].Position, rows[list.PageSize - 1].Id), (long)before + list.PageSize)
                    : null,
            },
        };
    }
}
