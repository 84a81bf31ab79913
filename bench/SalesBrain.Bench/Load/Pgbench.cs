using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace SalesBrain.Bench.Load;

/// <summary>SQL load: prepared statements from many connections, as fast as the server answers.</summary>
internal sealed partial class Pgbench(Tool tool, string workFolder)
{
    /// <summary>
    /// Runs the scripts, picked at random, and answers transactions per second. Throws <see cref="InvalidOperationException"/> when one
    /// fails.
    /// </summary>
    public async Task<double> RunAsync(
        string connectionString, IReadOnlyList<string> scripts, IReadOnlyDictionary<string, string> variables, int clients, int seconds,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workFolder, "pgbench")).FullName;
        var files = scripts.Select((script, i) =>
        {
            var file = Path.Combine(folder, $"{i}.sql");
            File.WriteAllText(file, script);
            return file;
        }).ToList();
        var output = await tool.RunAsync(
            [
                "-n", "-M", "prepared", "-c", $"{clients}", "-j", "1", "-T", $"{seconds}",
                .. variables.SelectMany(variable => new[] { "-D", $"{variable.Key}={variable.Value}" }),
                .. files.SelectMany(file => new[] { "-f", file }),
            ],
            LibPq.Environment(connectionString), cancellationToken);
        if (!output.Contains("number of failed transactions: 0 ", StringComparison.Ordinal)
            || Tps().Match(output) is not { Success: true } tps)
        {
            throw new InvalidOperationException($"pgbench: {output}");
        }
        return double.Parse(tps.Groups["tps"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^tps = (?<tps>[0-9.]+) \(without initial connection time\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();
}

/// <summary>
/// A connection string as the environment variables of PostgreSQL's own programs, which keep the password off the command line.
/// </summary>
internal static class LibPq
{
    public static Dictionary<string, string> Environment(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return new()
        {
            ["PGHOST"] = connection.Host!,
            ["PGPORT"] = $"{connection.Port}",
            ["PGUSER"] = connection.Username!,
            ["PGPASSWORD"] = connection.Password!,
            ["PGDATABASE"] = connection.Database!,
            ["PGSSLMODE"] = "disable",
            ["PGGSSENCMODE"] = "disable",
        };
    }
}
