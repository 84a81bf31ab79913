using System.Globalization;

namespace SalesBrain.Core.Paging;

/// <summary>
/// The column that a list is sorted by, named by code and never by a caller, and its SQL type. Rows with equal keys are sorted by id. Rows
/// without an optional key come last in either direction.
/// </summary>
public sealed record SortKey(string Column, string Type, bool IsOptional = false)
{
    /// <summary>The table of the column; null where it is the list's own table <c>t</c>.</summary>
    public JoinedTable? Joined { get; init; }

    /// <summary>The direction unless the caller asks for another: text from A to Z, times and numbers from the top.</summary>
    public bool IsDescendingByDefault { get; init; } = Type != "text";

    /// <summary>The column with the name of its table.</summary>
    public string Sql => $"{Joined?.Name ?? "t"}.{Column}";

    /// <summary>The id of the list's row, from the column's own table if possible: an index can then have both.</summary>
    public string IdSql => Joined is { RowIdColumn: { } id } ? $"{Joined.Name}.{id}" : "t.id";

    /// <summary>Whether key and id are in two tables, so that no index has both.</summary>
    public bool IsApartFromId => Joined is { RowIdColumn: null };

    /// <summary>A text, in the order of the database's collation.</summary>
    public static SortKey Text(string column, bool isOptional = false) => new(column, "text", isOptional);

    /// <summary>A time; the newest comes first by default.</summary>
    public static SortKey Time(string column, bool isOptional = false) => new(column, "timestamptz", isOptional);

    /// <summary>A whole number; the largest comes first by default.</summary>
    public static SortKey Number(string column, bool isOptional = false) => new(column, "integer", isOptional);

    /// <summary>Whether the position can be one of this key: a caller may have changed the cursor.</summary>
    public bool Accepts(RowPosition position) => position.Key switch
    {
        null => IsOptional,
        { } text when Type == "text" => !text.Contains('\0', StringComparison.Ordinal),
        { } text when Type == "integer" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        { } text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
    };
}

/// <summary>
/// A table that is joined to a list's table <c>t</c> for a sort key or a search text: the name it has in <paramref name="Join"/>, and its
/// column with the id of the list's row, null where it has none.
/// </summary>
public sealed record JoinedTable(string Name, string Join, string? RowIdColumn = null);
