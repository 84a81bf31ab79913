using System.Globalization;

namespace SalesBrain.Core.Paging;

/// <summary>
/// What a list is sorted by: a column, named by code and never by a caller, and its SQL type. Equal ones are told apart by id. Rows that lack an
/// optional one come last in either direction.
/// </summary>
public sealed record SortKey(string Column, string Type, bool IsOptional = false)
{
    /// <summary>Where the column is: in the list's table <c>t</c>, or in one that it joins by this name.</summary>
    public string Table { get; init; } = "t";

    /// <summary>The column beside it that has the id of the list's row; null where that is in another table.</summary>
    public string? IdColumn { get; init; } = "id";

    /// <summary>Text, in the order of the database's collation.</summary>
    public static SortKey Text(string column, bool isOptional = false) => new(column, "text", isOptional);

    /// <summary>A moment; lists begin with the newest unless they are asked for another order.</summary>
    public static SortKey Time(string column, bool isOptional = false) => new(column, "timestamptz", isOptional);

    /// <summary>A whole number; lists begin with the largest unless they are asked for another order.</summary>
    public static SortKey Number(string column, bool isOptional = false) => new(column, "integer", isOptional);

    /// <summary>The order where none is asked for: words from A to Z, moments and numbers from the top.</summary>
    public bool IsDescendingByDefault { get; init; } = Type != "text";

    /// <summary>Whether a row's position by this key could be that; a cursor may have been written by anybody.</summary>
    public bool Accepts(RowPosition position) => position.Key switch
    {
        null => IsOptional,
        { } text when Type == "text" => !text.Contains('\0', StringComparison.Ordinal),
        { } text when Type == "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        { } text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
    };
}

/// <summary>A row's place in a sorted list: its sort key as PostgreSQL writes it, null where it has none, and its id.</summary>
public readonly record struct RowPosition(string? Key, Guid Id);

/// <summary>
/// The page of a list that is asked for: at most <paramref name="Limit"/> rows, behind the row at <paramref name="After"/> or else behind the
/// first <paramref name="Offset"/>.
/// </summary>
public sealed record PageStart(SortKey Key, bool Descending, int Limit, int Offset, RowPosition? After);

/// <summary>A row as a sorted list reads it.</summary>
public interface IListedRow
{
    Guid Id { get; }

    /// <summary>Its sort key as PostgreSQL writes it; null where it has none, and outside of lists.</summary>
    string? Position { get; }
}
