namespace SalesBrain.Core.Webhooks.Stats;

/// <summary>
/// Processing times in classes, each ending 10 % above its start, as <c>app.latency_bucket</c> sorts them. A percentile read from it is
/// within 5 % and half a millisecond of the exact one.
/// </summary>
public static class LatencyHistogram
{
    private const double Growth = 1.1;

    /// <summary>
    /// The smallest time that a share (0 to 1) of all values does not exceed (nearest rank), in milliseconds; null when there are no
    /// values.
    /// </summary>
    public static int? Percentile(IEnumerable<LatencyCount> counts, double share)
    {
        var ordered = counts.Where(count => count.Total > 0).OrderBy(count => count.Bucket).ToList();
        var rank = Math.Max(1, (long)Math.Ceiling(share * ordered.Sum(count => count.Total)));
        var reached = 0L;
        foreach (var count in ordered)
        {
            reached += count.Total;
            if (reached >= rank)
            {
                return Milliseconds(count.Bucket);
            }
        }
        return null;
    }

    /// <summary>The representative time of a class: the geometric mean of its bounds.</summary>
    public static int Milliseconds(int bucket) =>
        bucket == 0 ? 0 : (int)Math.Min(int.MaxValue, Math.Round(Math.Pow(Growth, bucket - 1) * 2 * Growth / (1 + Growth)));
}

/// <summary>How many values are in one class.</summary>
public sealed record LatencyCount(int Bucket, long Total);
