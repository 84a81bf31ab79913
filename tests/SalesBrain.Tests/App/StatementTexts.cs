using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace SalesBrain.Tests.App;

/// <summary>
/// The statements of the app's two logins that the server has counted (pg_stat_statements), in the connection's database. Their texts are
/// read once each: the server reads the texts of all databases from a file every time it is asked for any.
/// </summary>
internal static class StatementTexts
{
    private static readonly ConcurrentDictionary<(string Database, long QueryId), string> Known = new();

    public static async Task<IReadOnlyList<CountedStatement>> ReadAsync(NpgsqlConnection connection)
    {
        var counts = await ReadAsync<Counts>(connection, withTexts: false);
        if (counts.Any(row => !Known.ContainsKey((connection.Database, row.QueryId))))
        {
            foreach (var row in await ReadAsync<Text>(connection, withTexts: true))
            {
                Known[(connection.Database, row.QueryId)] = row.Query ?? "";
            }
        }
        return
        [
            .. counts.Where(row => Known.ContainsKey((connection.Database, row.QueryId)))
                .Select(row => new CountedStatement(Known[(connection.Database, row.QueryId)], row.Login, row.IsTopLevel, row.Calls, row.Blocks)),
        ];
    }

    /// <summary>Whether a new connection sends the statement for itself. Whether one is opened meanwhile is chance.</summary>
    public static bool IsOfConnection(string query) =>
        query.Contains("pg_type", StringComparison.Ordinal) || query.StartsWith("select version()", StringComparison.OrdinalIgnoreCase);

    private static Task<IEnumerable<T>> ReadAsync<T>(NpgsqlConnection connection, bool withTexts) => connection.QueryAsync<T>($"""
        select s.queryid as query_id, s.query, s.userid::regrole::text as login, s.toplevel as is_top_level, s.calls, s.shared_blks_hit + s.shared_blks_read as blocks
        from pg_stat_statements({withTexts}) s
        where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
            and s.userid in ('salesbrain_tenant'::regrole, 'salesbrain_platform'::regrole) and s.queryid is not null
        """);

    private sealed record Counts
    {
        public long QueryId { get; init; }
        public string Login { get; init; } = "";
        public bool IsTopLevel { get; init; }
        public long Calls { get; init; }
        public long Blocks { get; init; }
    }

    private sealed record Text
    {
        public long QueryId { get; init; }
        public string? Query { get; init; }
    }
}

/// <summary>A statement and what it has cost so far.</summary>
internal sealed record CountedStatement(string Query, string Login, bool IsTopLevel, long Calls, long Blocks);
