using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Functions.Live;

namespace SalesBrain.Tests.App;

/// <summary>What the app asked of the database, for tests that count it.</summary>
public static class StatementLog
{
    /// <summary>The statements that the app's two logins ran meanwhile, each as often as it ran, in alphabetical order.</summary>
    public static async Task<IReadOnlyList<string>> StatementsAsync(this TestApp app, Func<Task> during)
    {
        var database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database;
        var everything = new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString) { Database = database, Pooling = false };
        await using var connection = new NpgsqlConnection(everything.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        // It reads on for some seconds after its last client.
        while (app.Services.GetRequiredService<LiveFeed>() is { Count: 0, IsReading: true })
        {
            await Task.Delay(50);
        }
        var before = await CallsAsync(connection);
        await during();
        var after = await CallsAsync(connection);
        return after
            .SelectMany(statement => Enumerable.Repeat(statement.Key, (int)(statement.Value - before.GetValueOrDefault(statement.Key))))
            .Order(StringComparer.Ordinal).ToList();
    }

    private static async Task<Dictionary<string, long>> CallsAsync(NpgsqlConnection connection) =>
        (await StatementTexts.ReadAsync(connection))
            .Where(statement => !StatementTexts.IsOfConnection(statement.Query))
            .GroupBy(statement => statement.Query, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(statement => statement.Calls), StringComparer.Ordinal);
}
