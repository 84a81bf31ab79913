using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Data;

/// <summary>
/// A database with many webhook logs: half a year of twenty organizations, the largest with a quarter of all rows. Made once and kept; made
/// anew when the schema, this file or the number of rows is another.
/// </summary>
internal sealed class LogDataSet
{
    /// <summary>The organization with a quarter of the rows.</summary>
    public const int LargestOrganization = 1;

    private const int Days = 180;

    private LogDataSet(BenchDatabase database, int rows, DateTime until)
    {
        Database = database;
        Rows = rows;
        Until = until;
    }

    public BenchDatabase Database { get; }

    public int Rows { get; }

    /// <summary>When the newest log was received, nearly.</summary>
    public DateTime Until { get; }

    public static async Task<LogDataSet> OpenAsync(
        BenchServer server, string repository, int rows, bool fresh, CancellationToken cancellationToken)
    {
        var name = $"bench_logs_{rows}";
        var note = $"{rows} logs {await FingerprintAsync(repository, cancellationToken)} until ";
        if (!fresh && await server.FindNoteAsync(name) is { } found && found.StartsWith(note, StringComparison.Ordinal))
        {
            return new LogDataSet(
                await server.OpenAsync(name, cancellationToken), rows, DateTime.Parse(found[note.Length..]).ToUniversalTime());
        }
        var started = Stopwatch.StartNew();
        Console.WriteLine($"Making {rows:N0} webhook logs (once; kept in .local/bench) ...");
        await server.DropAsync(name);
        var database = await server.OpenAsync(name, cancellationToken);
        var until = DateTime.UtcNow.Date;
        await BenchWorld.CreateAsync(database, cancellationToken);
        await new LogDataSetFill(database, rows, until, Days).RunAsync(cancellationToken);
        await database.NoteAsync($"{note}{until:O}", cancellationToken);
        Console.WriteLine($"... made in {started.Elapsed.TotalSeconds:0} s.");
        return new LogDataSet(database, rows, until);
    }

    /// <summary>Of everything the rows depend on.</summary>
    internal static async Task<string> FingerprintAsync(string repository, CancellationToken cancellationToken)
    {
        var sql = Path.Combine(repository, "sql");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(sql, "*.sql", SearchOption.AllDirectories)
            .Where(file => !file.Contains("policies", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Concat(Directory.GetFiles(Path.Combine(repository, "bench", "SalesBrain.Bench", "Data")).Order(StringComparer.Ordinal)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(await File.ReadAllBytesAsync(file, cancellationToken));
        }
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
