using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SalesBrain.Bench.Reports;

namespace SalesBrain.Bench.Load;

/// <summary>Times statements in psql, as one would by hand: prepared once, with <c>\timing</c>.</summary>
internal sealed partial class Psql(Tool tool, string workFolder)
{
    /// <summary>
    /// Milliseconds of the statements together, each time in one transaction; beginning and ending it is not counted, nor are the runs
    /// before (six let the server settle on a plan). Throws <see cref="InvalidOperationException"/> when a statement fails.
    /// </summary>
    public async Task<Measure> TimeAsync(
        string connectionString, IReadOnlyList<CapturedStatement> statements, int before, int times, CancellationToken cancellationToken)
    {
        var script = new StringBuilder("\\set ON_ERROR_STOP on\n\\o /dev/null\n");
        for (var i = 0; i < statements.Count; i++)
        {
            script.Append($"prepare s{i} as {statements[i].Sql.TrimEnd().TrimEnd(';')};\n");
        }
        var transaction = string.Concat(
            statements.Select((statement, i) => $"execute s{i}{(statement.Arguments.Count == 0 ? "" : $"({statement.Literals()})")};\n")
            .Prepend("begin;\n").Append("commit;\n"));
        script.Insert(script.Length, transaction, before);
        script.Append("\\timing on\n").Insert(script.Length, transaction, times);
        var file = Path.Combine(workFolder, "psql.sql");
        await File.WriteAllTextAsync(file, script.ToString(), cancellationToken);

        var output = await tool.RunAsync(["-X", "-q", "-f", file], LibPq.Environment(connectionString), cancellationToken);
        var timings = Timing().Matches(output)
            .Select(match => double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture)).ToList();
        return timings.Count == times * (statements.Count + 2)
            ? new Measure(timings.Chunk(statements.Count + 2).Select(one => one[1..^1].Sum()))
            : throw new InvalidOperationException($"psql gave {timings.Count} times for {times} runs: {output}");
    }

    /// <summary>
    /// How long psql takes to run a script, its start included. Throws <see cref="InvalidOperationException"/> when a statement fails.
    /// </summary>
    public async Task<TimeSpan> RunAsync(string connectionString, string script, CancellationToken cancellationToken)
    {
        var file = Path.Combine(workFolder, "psql.sql");
        await File.WriteAllTextAsync(file, script, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await tool.RunAsync(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file], LibPq.Environment(connectionString), cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    [GeneratedRegex(@"^Time: (?<ms>[0-9.]+) ms", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Timing();
}
