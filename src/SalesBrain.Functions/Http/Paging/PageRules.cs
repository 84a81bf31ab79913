using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Paging;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>How deep and how large pages may be.</summary>
public static class PageRules
{
    public const int DefaultLimit = 100;

    public const int MaxLimit = 500;

    /// <summary>Room for a sort key of a hundred characters, each of which takes up to twelve bytes in JSON.</summary>
    public const int MaxCursorLength = 2000;

    /// <summary>The characters of a cursor (base64url).</summary>
    public const string CursorPattern = "^[A-Za-z0-9_-]+$";

    public const int DefaultPageSize = 50;

    public const int MaxPageSize = 200;

    internal const string NegativeOffset = "must be 0 or more";

    /// <summary>Validates a requested page, in addition to its single members.</summary>
    public static IEnumerable<ValidationResult> Check(IAdminList list)
    {
        if (list.Cursor is not null && list.Offset > 0)
        {
            yield return new("cannot be combined with cursor", [nameof(list.Offset)]);
        }
        else if ((long)list.Offset + list.Limit > BoundedCount.Limit)
        {
            yield return new(TooDeep, [nameof(list.Offset)]);
        }
    }

    /// <inheritdoc cref="Check(IAdminList)"/>
    public static IEnumerable<ValidationResult> Check(IV1List list)
    {
        if (list.Cursor is not null && list.Page > 1)
        {
            yield return new("cannot be combined with cursor", [nameof(list.Page)]);
        }
        else if ((long)list.Page * list.PageSize > BoundedCount.Limit)
        {
            yield return new(TooDeep, [nameof(list.Page)]);
        }
    }

    private static readonly string TooDeep = $"reaches past the first {BoundedCount.Limit} rows; continue with cursor and the "
        + "previous page's next_cursor";
}
