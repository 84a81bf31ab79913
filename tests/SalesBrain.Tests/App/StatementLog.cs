using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Core.Signals;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Live;

namespace SalesBrain.Tests.App;

/// <summary>What the app asked of the database, for tests that count it.</summary>
public static class StatementLog
{
    /// <summary>
    /// The statements that the app's two logins ran meanwhile, each as often as it ran, in alphabetical order. Begins when the app has
    /// finished the background work of earlier requests.
    /// </summary>
    public static async Task<IReadOnlyList<string>> StatementsAsync(this TestApp app, Func<Task> during)
    {
        Assert.True(app.CountsStatements, $"{nameof(TestApp.CountsStatements)} is false.");
        var database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database;
        var everything = new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString)
        {
            Database = database,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(everything.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        await Eventually.HoldsAsync(async () => IsIdle(app) && await IsIdleAsync(connection), "The app's background work is done.");
        var before = await CallsAsync(connection);
        await during();
        var after = await CallsAsync(connection);
        return after
            .SelectMany(statement => Enumerable.Repeat(statement.Key, (int)(statement.Value - before.GetValueOrDefault(statement.Key))))
            .Order(StringComparer.Ordinal).ToList();
    }

    /// <summary>
    /// Whether every worker of the app waits for something to do, and nobody listens to live updates, which are read on a timer.
    /// </summary>
    private static bool IsIdle(TestApp app) =>
        typeof(Signal).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Signal))).All(type => ((Signal)app.Services.GetRequiredService(type)).IsIdle)
        && app.Services.GetRequiredService<PasswordResets>().IsIdle
        && !app.Services.GetRequiredService<LiveFeed>().IsReading;

    /// <summary>Whether no statement of the app runs, such as one of a request whose client has gone.</summary>
    private static Task<bool> IsIdleAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<bool>("""
        select not exists (
            select from pg_stat_activity a
            where a.datname = current_database() and a.usename in ('salesbrain_tenant', 'salesbrain_platform') and a.state <> 'idle')
        """);

    private static async Task<Dictionary<string, long>> CallsAsync(NpgsqlConnection connection) =>
        (await StatementTexts.ReadAsync(connection))
            .Where(statement => !StatementTexts.IsOfConnection(statement.Query))
            .GroupBy(statement => statement.Query, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(statement => statement.Calls), StringComparer.Ordinal);
}
