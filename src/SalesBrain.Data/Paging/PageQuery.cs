using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;
using static SalesBrain.Data.Paging.SqlText;

namespace SalesBrain.Data.Paging;

/// <summary>
/// Builds the SQL of a v1 list: one page by keyset, and the bounded count of all rows. The page is read in the order of an index, and
/// reading stops at the end of the page. Every value that a caller sends is an SQL parameter.
///
/// Decision: this class takes no further flags. For one list, the SQL depends only on the sort key, the direction, the cursor, the finder
/// and <see cref="ReadsEachOrganization"/>. A list that needs more is written by hand, like the newest-first lists and the list of webhook
/// logs. <c>docs/lists.sql</c> contains the SQL of each list.
/// </summary>
/// <param name="Table">The list's table in schema <c>app</c>; the statement calls it <c>t</c>. Its rows have an <c>id</c>.</param>
/// <param name="Condition">The SQL condition of the list's rows, with the list's own parameters.</param>
/// <param name="Start">The sort key, the direction, the size of the page, and the place where it starts.</param>
/// <param name="Finder">A further condition and a fast way to its rows, such as a search term; null for none.</param>
internal sealed record PageQuery(string Table, string Condition, PageStart Start, Finder? Finder = null)
{
    /// <summary>
    /// Whether to read the first rows of each organization in order and merge them. Set it if the caller sees all organizations, because
    /// the indexes begin with the organization.
    /// </summary>
    internal bool ReadsEachOrganization { get; init; }

    /// <summary>
    /// The whole SQL. <paramref name="joins"/> join the list's tables to the page's rows <c>p</c> by <c>p.id</c>.
    /// <paramref name="parameters"/> are objects whose properties are the parameters of the condition.
    /// </summary>
    internal Statement ToStatement(string columns, string joins, params IReadOnlyList<object> parameters) => new(
        $"""
        {RowsSql(columns, joins)}

        {Finder?.With}{Count}
        """,
        With(parameters));

    /// <summary>The SQL of the page alone, without the count: what an export reads page by page.</summary>
    internal Statement ToRowsStatement(string columns, string joins, params IReadOnlyList<object> parameters) =>
        new(RowsSql(columns, joins), With(parameters));

    /// <summary>Runs a statement of <see cref="ToStatement"/> in one round trip.</summary>
    internal static Task<(List<TRow> Rows, BoundedCount Total)> ReadAsync<TRow>(
        DatabaseSession session, Statement statement, CancellationToken cancellationToken)
        where TRow : IListedRow =>
        session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                // The result of set_config.
                await results.ReadAsync<string>(token);
                return (await results.ReadAsync<TRow>(token), BoundedCount.Of((await results.ReadAsync<long>(token)).Single()));
            },
            cancellationToken);

    /// <summary>Runs a statement of <see cref="ToRowsStatement"/> in one round trip.</summary>
    internal static Task<List<TRow>> ReadRowsAsync<TRow>(DatabaseSession session, Statement statement, CancellationToken cancellationToken)
        where TRow : IListedRow =>
        session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return await results.ReadAsync<TRow>(token);
            },
            cancellationToken);

    private IReadOnlyList<object> With(IReadOnlyList<object> parameters) =>
        Finder is null ? [.. parameters, PageParameters] : [.. parameters, PageParameters, Finder.Parameters];

    // The best plan depends on the parameters, such as the filters and how rare the search term is. A generic plan would be slow for most.
    // Reading a table from its beginning until enough rows are found is slow where an organization's rows are together at its end, which
    // the planner does not know.
    private string RowsSql(string columns, string joins) => $"""
        select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true);

        {Finder?.With}select {columns}, p.position
        from {Parenthesized(Page)} p
        {joins}
        order by p.number;
        """;

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

    /// <summary>Counts the rows of all pages, at most <see cref="BoundedCount.Probe"/>.</summary>
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
