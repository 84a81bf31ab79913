namespace SalesBrain.Core.Paging;

/// <summary>
/// How many rows there are, counted no further than <see cref="Limit"/>: a count costs the same however large the table is.
/// In SQL: <c>select count(*) from (select from … limit {BoundedCount.Probe}) counted</c>.
/// </summary>
public readonly record struct BoundedCount(int Value, bool IsExact)
{
    /// <summary>The largest count that is exact.</summary>
    public const int Limit = 10_000;

    /// <summary>Rows that a counting statement looks at: one more than counts.</summary>
    public const int Probe = Limit + 1;

    /// <summary>Reads the result of a counting statement.</summary>
    public static BoundedCount Of(long counted) => new((int)Math.Min(counted, Limit), counted <= Limit);
}
