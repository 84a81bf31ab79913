using Dapper;
using Npgsql;

namespace SalesBrain.Tests.App;

/// <summary>What the app asked of the database, for tests that count it.</summary>
public static class StatementLog
{
    /// <summary>Leaves out, of statements <c>s</c>, what a new connection asks for itself: whether one is opened meanwhile is chance.</summary>
    internal const string NotOfConnecting = "s.query not like '%pg_type%' and s.query !~* '^select version\\(\\)'";

    /// <summary>The statements that the app's two logins ran meanwhile, each as often as it ran, in alphabetical order.</summary>
    public static async Task<IReadOnlyList<string>> StatementsAsync(this TestApp app, Func<Task> during)
    {
        var database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database;
        var everything = new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString) { Database = database, Pooling = false };
        await using var connection = new NpgsqlConnection(everything.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        var before = await CallsAsync(connection);
        await during();
        var after = await CallsAsync(connection);
        return after
            .SelectMany(statement => Enumerable.Repeat(statement.Key, (int)(statement.Value - before.GetValueOrDefault(statement.Key))))
            .Order(StringComparer.Ordinal).ToList();
    }

    private static async Task<Dictionary<string, long>> CallsAsync(NpgsqlConnection connection) =>
        (await connection.QueryAsync<(string Query, long Calls)>($"""
            with mine as materialized (
                select s.query, s.calls
                from pg_stat_statements s
                where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
                    and s.userid in ('salesbrain_tenant'::regrole, 'salesbrain_platform'::regrole)
            )
            select s.query, sum(s.calls)::bigint
            from mine s
            where {NotOfConnecting}
            group by s.query
            """)).ToDictionary(row => row.Query, row => row.Calls);
}
