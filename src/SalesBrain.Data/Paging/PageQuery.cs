using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Paging;

/// <summary>
/// Builds the SQL for one page of a list by keyset, and for its number of rows. Input from callers is only ever passed as parameters. The
/// text depends on the list, its order, whether it continues after a row, and whether it searches for a term. A list is read in index order
/// and no further than its page. Rows without a sort key are read separately, after the others, so that one index serves both directions.
/// Where row-level security prevents the use of an index, a definer function (<see cref="Finder"/>) finds the rows. A rare term is looked
/// up there; a common term is found quickly by reading in order. The statement itself decides between the two, so that a page needs only
/// one round trip.
/// </summary>
internal sealed class PageQuery
{
    /// <summary>Most rows that a term is followed to by a finder.</summary>
    private const int Followed = 1000;

    private readonly PageTable _table;
    private readonly string _matches;
    private readonly PageStart _start;
    private readonly Finder? _finder;
    private readonly bool _followsFinder;

    /// <param name="table">The list's table; called <c>t</c> in <paramref name="matches"/>.</param>
    /// <param name="matches">Which of its rows, by parameters of the list's own.</param>
    /// <param name="start">Which page.</param>
    /// <param name="finder">Further conditions on the rows, with the finders for them.</param>
    /// <param name="scope">Who asks: a finder that looks into whole organizations is for those alone who read them.</param>
    internal PageQuery(PageTable table, string matches, PageStart start, Finder? finder, SessionScope scope)
    {
        (_table, _matches, _start, _finder) = (table, matches, start, finder);
        _followsFinder = finder is not null && (finder.IsForEveryScope || scope is { AgencyId: null, ClientId: null });
    }

    /// <summary>
    /// Reads the page, and how many rows there are, in one round trip. <paramref name="joins"/> begin with the rows of page <c>p</c>, by their
    /// <c>id</c>; <paramref name="filter"/> has the parameters that the conditions name.
    /// </summary>
    internal Task<(List<TRow> Rows, BoundedCount Total)> ReadAsync<TRow>(
        DatabaseSession session, string columns, string joins, object filter, CancellationToken cancellationToken) =>
        // The best plan depends on the parameters: the filters and how rare a term is. A generic plan would be bad for most.
        session.QueryMultipleAsync(
            $"""
            select set_config('plan_cache_mode', 'force_custom_plan', true);

            {With}select {columns}, p.position
            from ({Rows}) p
            {joins}
            order by p.number;

            {With}{Count}
            """,
            Parameters(filter),
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return (await results.ReadAsync<TRow>(token), BoundedCount.Of((await results.ReadAsync<long>(token)).Single()));
            },
            cancellationToken);

    /// <summary>Reads <c>id</c>, <c>position</c> (the sort key as text) and <c>number</c> (from 1) of the page's rows.</summary>
    private string Rows
    {
        get
        {
            var direction = _start.Descending ? "desc" : "asc";
            return $"""
                select r.id, r.key::text as position, row_number() over (order by r.part, r.key {direction}, r.id {direction}) as number
                from ({string.Join("\nunion all\n", Found().SelectMany(found => Parts(found, direction)))}) r
                order by r.part, r.key {direction}, r.id {direction}
                limit @pageLimit offset @pageOffset
                """;
        }
    }

    /// <summary>Counts the rows of all pages, to <see cref="BoundedCount.Probe"/>.</summary>
    private string Count
    {
        get
        {
            var parts = Found().Select(found => $"(select from {_table.From(_finder?.Table)} where {_matches}{found} limit {BoundedCount.Probe})");
            return $"select count(*) from (select from ({string.Join("\nunion all\n", parts)}) f limit {BoundedCount.Probe}) counted";
        }
    }

    /// <summary>The common table expressions for both statements.</summary>
    private string With => _followsFinder ? $"with found as materialized (select s.id from {_finder!.Function(Followed + 1)} s)\n" : "";

    private DynamicParameters Parameters(object filter)
    {
        var parameters = new DynamicParameters(filter);
        parameters.Add("pageLimit", _start.Limit);
        parameters.Add("pageOffset", _start.Offset);
        parameters.Add("pageReach", _start.Limit + _start.Offset);
        parameters.Add("afterKey", _start.After?.Key);
        parameters.Add("afterId", _start.After?.Id);
        foreach (var (name, value) in _finder?.Parameters ?? [])
        {
            parameters.Add(name, value);
        }
        return parameters;
    }

    /// <summary>The search conditions. Each has a finder, and only one of them finds rows.</summary>
    private IEnumerable<string> Found()
    {
        if (_finder is null)
        {
            yield return "";
        }
        else if (!_followsFinder)
        {
            yield return $" and {_finder.Condition}";
        }
        else
        {
            yield return $" and (select count(*) from found) <= {Followed} and t.id in (select f.id from found f)";
            yield return $" and (select count(*) from found) > {Followed} and {_finder.Condition}";
        }
    }

    /// <summary>The rows that have the sort key, and behind them those that lack it.</summary>
    private IEnumerable<string> Parts(string found, string direction)
    {
        var (key, beyond) = (_start.Key, _start.Descending ? "<" : ">");
        var column = $"{key.Table}.{key.Column}";
        var id = key.IdColumn is null ? "t.id" : $"{key.Table}.{key.IdColumn}";
        if (_start.After is not { Key: null })
        {
            var has = key.IsOptional ? $" and {column} is not null" : "";
            var after = _start.After is null ? "" : $" and ({column}, {id}) {beyond} (@afterKey::{key.Type}, @afterId::uuid)";
            // A comparison over two tables is nothing that an index of either could begin at.
            var from = key.IdColumn is null && _start.After is not null ? $" and {column} {beyond}= @afterKey::{key.Type}" : "";
            yield return Part(1, has + from + after, $"{column} {direction}, {id} {direction}");
        }
        if (key.IsOptional)
        {
            var after = _start.After is { Key: null } ? $" and {id} {beyond} @afterId::uuid" : "";
            // All of them are equal; the key is named where it leads to the index that has them by id.
            yield return Part(2, $" and {column} is null{after}", key.IdColumn is null ? $"{id} {direction}" : $"{column} {direction}, {id} {direction}");
        }

        string Part(int part, string where, string order)
        {
            var rows = $"""
                select t.id, {column} as key, {part} as part
                from {_table.From(key.Table, _finder?.Table)}
                where {_matches}{found}{where}{(_table.IsReadByOrganization ? " and t.organization_id = o.id" : "")}
                order by {order}
                limit @pageReach
                """;
            return _table.IsReadByOrganization ? $"(select e.* from app.organization o cross join lateral ({rows}) e)" : $"({rows})";
        }
    }
}

/// <summary>The table of a list, in schema <c>app</c>; its rows have an <c>id</c>.</summary>
internal sealed record PageTable(string Name)
{
    /// <summary>Other tables with sort keys or texts of the rows, by their join aliases.</summary>
    public IReadOnlyDictionary<string, string> Joins { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Its indexes are by organization only, and several are asked for: the first rows of each are read in order and merged.
    /// </summary>
    public bool IsReadByOrganization { get; init; }

    /// <summary>The table, and those of the others that are needed.</summary>
    internal string From(params IEnumerable<string?> joined) =>
        string.Join('\n', joined.OfType<string>().Distinct().Where(Joins.ContainsKey).Select(name => Joins[name]).Prepend($"app.{Name} t"));
}

/// <summary>
/// Finds rows where row-level security prevents the use of an index: a definer function that returns a limited number of ids, and the
/// equivalent condition on a row.
/// </summary>
internal sealed record Finder(Func<int, string> Function, string Condition, IReadOnlyList<(string Name, object? Value)> Parameters)
{
    /// <summary>The table that the condition asks: the list's own <c>t</c>, or one that it joins by this name.</summary>
    internal string Table { get; init; } = "t";

    /// <summary>Whether it also works for agency and client roles, within their scope.</summary>
    internal bool IsForEveryScope { get; init; }

    /// <summary>By a term in <c>search_text</c> of the rows; null without a term.</summary>
    internal static Finder? Of(string table, SearchTerm? search, Guid? organizationId) =>
        Of(search, organizationId, most => $"app.search_rows('{table}', @searchOrganizationId, @searchPattern, {most})", "t");

    /// <summary>
    /// Finds rows by a term in <c>search_text</c> of a table, with a function that takes the organization, the pattern and a limit. Null
    /// without a term.
    /// </summary>
    internal static Finder? Of(SearchTerm? search, Guid? organizationId, Func<int, string> function, string table) => search is null ? null : new(
        function,
        $"strpos({table}.search_text, lower(@searchTerm)) > 0",
        [("searchOrganizationId", organizationId), ("searchPattern", search.Pattern), ("searchTerm", search.Text)])
    {
        Table = table,
    };
}
