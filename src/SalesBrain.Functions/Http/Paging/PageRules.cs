using System.ComponentModel.DataAnnotations;
using SalesBrain.Data.Paging;

namespace SalesBrain.Functions.Http;

/// <summary>How deep and how large pages may be.</summary>
public static class PageRules
{
    public const int DefaultLimit = 100;

    public const int MaxLimit = 500;

    public const int MaxCursorLength = 1000;

    internal const string NegativeOffset = "must be 0 or more";

    /// <summary>What is wrong with a page that is asked for, beyond its single members.</summary>
    public static IEnumerable<ValidationResult> Check(IAdminList list)
    {
        if (list.Cursor is not null && list.Offset > 0)
        {
            yield return new("cannot be combined with cursor", [nameof(list.Offset)]);
        }
        else if ((long)list.Offset + list.Limit > BoundedCount.Limit)
        {
            yield return new(
                $"reaches past {BoundedCount.Limit} rows; go on with cursor, the next_cursor of the page before", [nameof(list.Offset)]);
        }
    }
}
