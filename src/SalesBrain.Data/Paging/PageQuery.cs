using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;
using static SalesBrain.Data.Paging.SqlText;

namespace SalesBrain.Data.Paging;

/// <summary>
/// The statement of a v1 list: one page by keyset, and how many rows there are. The page is read in the order of an index and no further
/// than its end. Everything that a caller sends is a parameter.
///
/// Decision: this class takes no further flags. The text differs by the sort key, the direction, the cursor, the finder, and by whether
/// each organization is read apart, and by nothing else. A list that needs something else is written by hand, as the newest-first lists and
/// the webhook logs are. <c>docs/lists.sql</c> has the text for each list.
/// </summary>
/// <param name="Table">The list's table in schema <c>app</c>; the statement calls it <c>t</c>. Its rows have an <c>id</c>.</param>
/// <param name="Condition">Which of its rows, by parameters of the list's own.</param>
/// <param name="Start">Which page.</param>
/// <param name="Finder">What else the rows must have; null for nothing.</param>
internal sealed record PageQuery(string Table, string Condition, PageStart Start, Finder? Finder = null)
{
    /// <summary>
    /// Reads the first rows of each organization in order and merges them: the indexes begin with the organization, and the caller asks for
    /// all.
    /// </summary>
    internal bool ReadsEachOrganization { get; init; }

    /// <summary>
    /// The whole statement. <paramref name="joins"/> begin with the rows of page <c>p</c>, by their <c>id</c>; the objects have the
    /// parameters that the condition names.
    /// </summary>
    internal Statement ToStatement(string columns, string joins, params IReadOnlyList<object> parameters) => new(
        // The best plan depends on the parameters: which filters there are, how rare a term is. One plan for all would be bad for most.
        $"""
        select set_config('plan_cache_mode', 'force_custom_plan', true);

        {Finder?.With}select {columns}, p.position
        from {Parenthesized(Page)} p
        {joins}
        order by p.number;

        {Finder?.With}{Count}
        """,
        Finder is null ? [.. parameters, PageParameters] : [.. parameters, PageParameters, Finder.Parameters]);

    /// <summary>Runs a statement of this kind in one round trip.</summary>
    internal static Task<(List<TRow> Rows, BoundedCount Total)> ReadAsync<TRow>(
        DatabaseSession session, Statement statement, CancellationToken cancellationToken)
        where TRow : IListedRow =>
        session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return (await results.ReadAsync<TRow>(token), BoundedCount.Of((await results.ReadAsync<long>(token)).Single()));
            },
            cancellationToken);

    /// <summary>Reads <c>id</c>, <c>position</c> (the sort key as text) and <c>number</c> (from 1) of the page's rows.</summary>
    private string Page
    {
        get
        {
            var direction = Start.Descending ? "desc" : "asc";
            var order = $"r.part, r.key {direction}, r.id {direction}";
            return $"""
                select r.id, r.key::text as position, row_number() over (order by {order}) as number
                from {Parenthesized(UnionAll(Found.SelectMany(found => PagePart.Of(Start).Select(part => Rows(found, part)))))} r
                order by {order}
                limit @pageLimit offset @pageOffset
                """;
        }
    }

    private string Rows(string? found, PagePart part)
    {
        var rows = $"""
            select t.id, {Start.Key.Sql} as key, {part.Number} as part
            from {From(Start.Key.Joined, Finder?.Joined)}
            where {Where([found, .. part.Conditions, ReadsEachOrganization ? "t.organization_id = o.id" : null])}
            order by {part.Order}
            limit @pageReach
            """;
        return ReadsEachOrganization
            ? $"""
            select e.*
            from app.organization o
            cross join lateral {Parenthesized(rows)} e
            """
            : rows;
    }

    /// <summary>Counts the rows of all pages, to <see cref="BoundedCount.Probe"/>.</summary>
    private string Count
    {
        get
        {
            var parts = Found.Select(found => $"""
                select
                from {From(Finder?.Joined)}
                where {Where([found])}
                limit {BoundedCount.Probe}
                """);
            return $"""
                select count(*)
                from (
                    select
                    from {Indented(Parenthesized(UnionAll(parts)))} f
                    limit {BoundedCount.Probe}
                ) counted
                """;
        }
    }

    private object PageParameters => new
    {
        pageLimit = Start.Limit,
        pageOffset = Start.Offset,
        pageReach = Start.Limit + Start.Offset,
        afterKey = Start.After?.Key,
        afterId = Start.After?.Id,
    };

    private IReadOnlyList<string?> Found => Finder is null ? [null] : [.. Finder.Conditions];

    private string From(params IEnumerable<JoinedTable?> joined) =>
        string.Join('\n', joined.OfType<JoinedTable>().Distinct().Select(table => table.Join).Prepend($"app.{Table} t"));

    private string Where(IEnumerable<string?> further) => string.Join("\n    and ", [Indented(Condition), .. further.OfType<string>()]);

    private static string UnionAll(IEnumerable<string> queries) => string.Join("\nunion all\n", queries.Select(Parenthesized));
}
