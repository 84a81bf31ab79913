using Dapper;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Paging;

/// <summary>
/// The SQL that finds the rows of one page by keyset, and how many rows there are. What a caller sends is only ever a parameter; the texts
/// differ by the list, its order, and whether it goes on from a row or searches.
///
/// A list is read in the order of an index and no further than its page. Rows that lack the sort key are read apart, behind the others, so
/// that one index serves both directions.
/// A term that few rows match is followed through the trigram index (<c>app.search_rows</c>); a common one is met soon by reading in order. Which of
/// the two it is, the statement itself decides, so that a page stays one round trip.
/// </summary>
internal sealed class PageQuery
{
    /// <summary>Most rows that a term is followed to through the trigram index.</summary>
    private const int Followed = 1000;

    private readonly string _table;
    private readonly string _matches;
    private readonly PageStart _start;
    private readonly SearchTerm? _search;
    private readonly bool _searchesByIndex;

    /// <param name="table">The list's table in schema <c>app</c>; called <c>t</c> in <paramref name="matches"/>.</param>
    /// <param name="matches">Which of its rows, by parameters of the list's own.</param>
    /// <param name="start">Which page.</param>
    /// <param name="search">What <c>t.search_text</c> has to contain.</param>
    /// <param name="scope">Who asks: only who reads whole organizations is helped by an index over them.</param>
    internal PageQuery(string table, string matches, PageStart start, SearchTerm? search, SessionScope scope)
    {
        (_table, _matches, _start, _search) = (table, matches, start, search);
        _searchesByIndex = search is not null && scope is { AgencyId: null, ClientId: null };
    }

    /// <summary>Reads <c>id</c>, <c>position</c> (the sort key as text) and <c>number</c> (from 1) of the page's rows.</summary>
    internal string Rows
    {
        get
        {
            var direction = _start.Descending ? "desc" : "asc";
            return $"""
                select k.id, k.key::text as position, row_number() over (order by k.part, k.key {direction}, k.id {direction}) as number
                from ({string.Join("\nunion all\n", Found().SelectMany(found => Parts(found, direction)))}) k
                order by k.part, k.key {direction}, k.id {direction}
                limit @pageLimit offset @pageOffset
                """;
        }
    }

    /// <summary>Counts the rows of all pages, to <see cref="BoundedCount.Probe"/>.</summary>
    internal string Count
    {
        get
        {
            var parts = Found().Select(found => $"(select from app.{_table} t where {_matches}{found} limit {BoundedCount.Probe})");
            return $"{With}select count(*) from (select from ({string.Join("\nunion all\n", parts)}) f limit {BoundedCount.Probe}) counted";
        }
    }

    /// <summary>What goes before the statement of the rows.</summary>
    internal string With => _searchesByIndex
        ? $"with found as materialized (select s.id from app.search_rows('{_table}', @searchOrganizationId, @searchPattern, {Followed + 1}) s)\n"
        : "";

    /// <summary>The list's own parameters and those of its page.</summary>
    internal DynamicParameters Parameters(object filter, Guid? organizationId)
    {
        var parameters = new DynamicParameters(filter);
        parameters.Add("pageLimit", _start.Limit);
        parameters.Add("pageOffset", _start.Offset);
        parameters.Add("pageReach", _start.Limit + _start.Offset);
        parameters.Add("afterKey", _start.After?.Key);
        parameters.Add("afterId", _start.After?.Id);
        parameters.Add("searchTerm", _search?.Text);
        parameters.Add("searchPattern", _search?.Pattern);
        parameters.Add("searchOrganizationId", organizationId);
        return parameters;
    }

    /// <summary>Reads the results of both.</summary>
    internal static async Task<(List<TRow> Rows, BoundedCount Total)> ReadAsync<TRow>(ResultSets results, CancellationToken cancellationToken) =>
        (await results.ReadAsync<TRow>(cancellationToken), BoundedCount.Of((await results.ReadAsync<long>(cancellationToken)).Single()));

    /// <summary>The further conditions under which rows are what is searched for; each is a way to find them, and only one finds any.</summary>
    private IEnumerable<string> Found()
    {
        const string Contains = " and strpos(t.search_text, lower(@searchTerm)) > 0";
        if (_search is null)
        {
            yield return "";
        }
        else if (!_searchesByIndex)
        {
            yield return Contains;
        }
        else
        {
            yield return $" and (select count(*) from found) <= {Followed} and t.id in (select f.id from found f)";
            yield return $" and (select count(*) from found) > {Followed}{Contains}";
        }
    }

    /// <summary>The rows that have the sort key, and behind them those that lack it.</summary>
    private IEnumerable<string> Parts(string found, string direction)
    {
        var (key, isOptional) = (_start.Key, _start.Key.IsOptional);
        var beyond = _start.Descending ? "<" : ">";
        if (_start.After is not { Key: null })
        {
            yield return Part(1, (isOptional ? $" and t.{key.Column} is not null" : "")
                + (_start.After is null ? "" : $" and (t.{key.Column}, t.id) {beyond} (@afterKey::{key.Type}, @afterId::uuid)"));
        }
        if (isOptional)
        {
            yield return Part(2, $" and t.{key.Column} is null" + (_start.After is { Key: null } ? $" and t.id {beyond} @afterId::uuid" : ""));
        }

        string Part(int part, string where) => $"""
            (select t.id, t.{key.Column} as key, {part} as part
            from app.{_table} t
            where {_matches}{found}{where}
            order by t.{key.Column} {direction}, t.id {direction}
            limit @pageReach)
            """;
    }
}
