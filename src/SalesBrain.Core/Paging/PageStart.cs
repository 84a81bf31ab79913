namespace SalesBrain.Core.Paging;

/// <summary>A row's place in a sorted list: its sort key as PostgreSQL writes it, null where it has none, and its id.</summary>
public readonly record struct RowPosition(string? Key, Guid Id);

/// <summary>
/// The rows to read of a sorted list: at most <paramref name="Limit"/>, after the row at <paramref name="After"/>, or without one after the
/// first
/// <paramref name="Offset"/> rows.
/// </summary>
public sealed record PageStart(SortKey Key, bool Descending, int Limit, int Offset, RowPosition? After);

/// <summary>A row of a sorted list.</summary>
public interface IListedRow
{
    Guid Id { get; }

    /// <summary>Its sort key as PostgreSQL writes it; null where it has none, and outside of lists.</summary>
    string? Position { get; }
}
