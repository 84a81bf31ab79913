using System.Runtime.InteropServices;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Reports;

/// <summary>When something was measured, on what (without its name), and with which versions and sizes.</summary>
internal sealed record Circumstances(DateTime At, string Commit, string Machine, string Versions, string Sizes)
{
    /// <summary>
    /// The machine's, of one, five and fifteen minutes. What is measured is part of it; more than the cores is work of others.
    /// </summary>
    public string? LoadAverage { get; init; }

    public static string ReadLoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    public static async Task<Circumstances> ReadAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var git = Tool.Find("git", "git");
        var commit = (await git.RunAsync(["-C", run.Repository, "rev-parse", "--short", "HEAD"], null, cancellationToken)).Trim();
        var changes = await git.RunAsync(
            ["-C", run.Repository, "status", "--porcelain", "--", "src", "sql", "bench"], null, cancellationToken);
        var options = run.Options;
        return new(
            TimeProvider.System.GetUtcNow().UtcDateTime,
            changes.Length == 0 ? commit : $"{commit} with changes",
            DescribeMachine(),
            $"{RuntimeInformation.FrameworkDescription}, PostgreSQL {run.Server.Version}, "
            + $"{await run.Tools.VersionsAsync(cancellationToken)}",
            $"{options.Turns} turns of {options.Seconds} s after one to warm up; "
            + $"{string.Join(", ", BenchServer.Tuning.Select(setting => $"{setting.Key} {setting.Value}"))}");
    }

    private static string DescribeMachine()
    {
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var kilobytes = long.Parse(File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        return $"{Environment.ProcessorCount} cores ({model ?? $"{RuntimeInformation.ProcessArchitecture}"}), "
            + $"{kilobytes / 1024.0 / 1024.0:0} GB of memory, {RuntimeInformation.OSDescription}";
    }
}
