using System.Diagnostics;
using SalesBrain.Bench.Reports;

namespace SalesBrain.Bench.Load;

/// <summary>Times one thing after the other, without load.</summary>
internal static class Sampling
{
    private const int Least = 3;
    private const int Most = 50;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds of each of 3 to 50 runs, as many as fit into a second.</summary>
    public static async Task<Measure> TimeAsync(Func<Task> run)
    {
        var times = new Measure();
        var started = Stopwatch.GetTimestamp();
        while (times.Count < Least || (times.Count < Most && Stopwatch.GetElapsedTime(started) < Budget))
        {
            var start = Stopwatch.GetTimestamp();
            await run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times;
    }
}
