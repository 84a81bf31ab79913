using System.Text.Json;

namespace SalesBrain.Bench.Load;

/// <summary>Closed-loop HTTP load: every connection sends its next request when the last one is answered.</summary>
internal sealed class Wrk(Tool tool, string scripts)
{
    private const string Mark = "result ";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>
    /// Runs a script of <c>bench/load</c>, which gets the arguments. Throws <see cref="InvalidOperationException"/> when any answer was an
    /// error: a fast refusal must not pass for speed.
    /// </summary>
    public async Task<WrkResult> RunAsync(
        Uri address, string script, int connections, int seconds, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var output = await tool.RunAsync(
            ["-t", "1", "-c", $"{connections}", "-d", $"{seconds}s", "--timeout", "30s", "-s", Path.Combine(scripts, script), address.AbsoluteUri, "--", .. arguments],
            new Dictionary<string, string> { ["LUA_PATH"] = Path.Combine(scripts, "?.lua") }, cancellationToken);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result: {output}");
        var result = JsonSerializer.Deserialize<WrkResult>(line[Mark.Length..], Json)!;
        return result is { Refused: 0, Broken: 0, Requests: > 0 }
            ? result
            : throw new InvalidOperationException(
                $"{script}: of {result.Requests} requests {result.Refused} were answered with an error and {result.Broken} not at all.");
    }
}

/// <summary>What one run of wrk saw; latencies in microseconds.</summary>
internal sealed record WrkResult
{
    public required long Requests { get; init; }
    public required long DurationUs { get; init; }

    /// <summary>Answers of 400 and above.</summary>
    public required long Refused { get; init; }

    /// <summary>Connections that failed or timed out.</summary>
    public required long Broken { get; init; }
    public required double P99Us { get; init; }

    public double PerSecond => Requests * 1e6 / DurationUs;
}
