using System.Text.Json;
using SalesBrain.Bench.Servers;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Bench.Load;

/// <summary>
/// Listens to what the app sends to the server while a request is answered, so that the very same statements can be measured without
/// the app, and no copy of them here can go stale.
/// </summary>
internal static class StatementCapture
{
    private const int Attempts = 10;

    /// <summary>
    /// The statements of one request, those that set the context included. Timers of the app may speak at the same moment: it is asked
    /// until two answers in a row agree.
    /// </summary>
    public static async Task<IReadOnlyList<CapturedStatement>> OfAsync(
        BenchDatabase database, Func<Task> request, CancellationToken cancellationToken)
    {
        IReadOnlyList<CapturedStatement> last = [];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var statements = await ListenAsync(database, request, cancellationToken);
            if (statements.Count > 0
                && statements.Select(statement => statement.Sql).SequenceEqual(last.Select(statement => statement.Sql)))
            {
                return statements;
            }
            last = statements;
        }
        throw new StartupException($"The statements of a request could not be told from others in {Attempts} attempts.");
    }

    private static async Task<IReadOnlyList<CapturedStatement>> ListenAsync(
        BenchDatabase database, Func<Task> request, CancellationToken cancellationToken)
    {
        var log = await database.WithSettingAsync("log_statement", "all", async () =>
        {
            var start = await database.QuerySingleAsync<long>(
                "select size from pg_stat_file(pg_current_logfile('jsonlog'))", null, cancellationToken);
            await request();
            return await ReadAsync(database, start, cancellationToken);
        }, cancellationToken);
        return log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            // The log's size may have been asked for while a line was only half written.
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(entry => Text(entry, "dbname") == database.Name && Text(entry, "user") is "salesbrain_tenant" or "salesbrain_platform")
            .Select(entry => (Message: Text(entry, "message") ?? "", Detail: Text(entry, "detail")))
            .Where(entry => entry.Message.StartsWith("execute ", StringComparison.Ordinal))
            .Select(entry => new CapturedStatement(entry.Message[(entry.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..], CapturedStatement.ReadArguments(entry.Detail)))
            .ToList();
    }

    /// <summary>The log from a position on, as far as it was written when we asked: a statement of our own marks the end.</summary>
    private static async Task<string> ReadAsync(BenchDatabase database, long start, CancellationToken cancellationToken)
    {
        var mark = Guid.NewGuid().ToString();
        await database.AsSuperuserAsync($"select '{mark}'", null, cancellationToken);
        while (true)
        {
            var log = await database.QuerySingleAsync<string>(
                "select pg_read_file(pg_current_logfile('jsonlog'), @start, 100000000)", new { start }, cancellationToken);
            if (log.Contains(mark, StringComparison.Ordinal))
            {
                return log[..(log[..log.IndexOf(mark, StringComparison.Ordinal)].LastIndexOf('\n') + 1)];
            }
            await Task.Delay(20, cancellationToken);
        }
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
