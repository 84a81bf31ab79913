using System.Globalization;

namespace SalesBrain.Core.Paging;

/// <summary>
/// A sort key: a column, which the code names and never the caller, and its SQL type. Equal values are sorted by id. Rows without a value
/// come last in both directions.
/// </summary>
public sealed record SortKey(string Column, string Type, bool IsOptional = false)
{
    /// <summary>Where the column is: in the list's table <c>t</c>, or in one that it joins by this name.</summary>
    public string Table { get; init; } = "t";

    /// <summary>The column with the id of the list's row; null if the id is in another table.</summary>
    public string? IdColumn { get; init; } = "id";

    /// <summary>Text, in the order of the database's collation.</summary>
    public static SortKey Text(string column, bool isOptional = false) => new(column, "text", isOptional);

    /// <summary>A moment; lists begin with the newest unless they are asked for another order.</summary>
    public static SortKey Time(string column, bool isOptional = false) => new(column, "timestamptz", isOptional);

    /// <summary>A whole number; lists begin with the largest unless they are asked for another order.</summary>
    public static SortKey Number(string column, bool isOptional = false) => new(column, "integer", isOptional);

    /// <summary>The default direction: ascending for texts, descending for times and numbers.</summary>
    public bool IsDescendingByDefault { get; init; } = Type != "text";

    /// <summary>Whether the position is valid for this key. Needed because a cursor is untrusted input.</summary>
    public bool Accepts(RowPosition position) => position.Key switch
    {
        null => IsOptional,
        { } text when Type == "text" => !text.Contains('\0', StringComparison.Ordinal),
        { } text when Type == "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        { } text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
    };
}

/// <summary>A row's position in a sorted list: its sort key as PostgreSQL text (null if it has none) and its id.</summary>
public readonly record struct RowPosition(string? Key, Guid Id);

/// <summary>
/// The requested page of a list: at most <paramref name="Limit"/> rows after the row at <paramref name="After"/>, or after the first
/// <paramref name="Offset"/> rows.
/// </summary>
public sealed record PageStart(SortKey Key, bool Descending, int Limit, int Offset, RowPosition? After);

/// <summary>A row as a sorted list reads it.</summary>
public interface IListedRow
{
    Guid Id { get; }

    /// <summary>The sort key as PostgreSQL text; null if the row has none, and outside lists.</summary>
    string? Position { get; }
}
