using Npgsql;

namespace SalesBrain.Data.Agents.Upgrade;

/// <summary>A table of an agent-level installation, and the columns that it has.</summary>
internal sealed class OldTable
{
    private readonly HashSet<string> _columns;

    internal OldTable(string name, string schema, IEnumerable<string> columns)
    {
        (Name, Schema) = (name, schema);
        _columns = columns.ToHashSet(StringComparer.Ordinal);
    }

    internal string Name { get; }

    internal string Schema { get; }

    /// <summary>As it is written in a statement.</summary>
    internal string Sql => $"{Quote(Schema)}.{Quote(Name)}";

    /// <summary>The first of the columns that the table has, as text; null where there is none or it is empty.</summary>
    internal string Text(params string[] names) => First(names) is { } name ? $"nullif(btrim({Quote(name)}::text), '')" : "null::text";

    /// <summary>As <see cref="Text"/>, for a column that the table must have.</summary>
    /// <exception cref="OldTableException">The table has none of them.</exception>
    internal string Required(params string[] names) => First(names) is { } name ? $"btrim({Quote(name)}::text)" : throw Missing(names);

    /// <summary>The first of the columns that the table has, as a time; of a time without a zone, in UTC.</summary>
    internal string Time(params string[] names) => First(names) is { } name ? $"{Quote(name)}::timestamptz" : "null::timestamptz";

    internal bool Has(string name) => _columns.Contains(name);

    internal OldTableException Missing(params string[] names) =>
        new($"The table {Name} has no column {string.Join(" or ", names)}.");

    internal static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private string? First(string[] names) => names.FirstOrDefault(_columns.Contains);
}

/// <summary>The old tables cannot be read or dropped; the message says why in a sentence.</summary>
public sealed class OldTableException(string message, Exception? cause = null) : Exception(message, cause);
