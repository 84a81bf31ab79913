namespace SalesBrain.Core.Imports;

/// <summary>How far an import job is.</summary>
/// <param name="Processed">Rows so far: created, updated, skipped and failed ones.</param>
/// <param name="Total">All rows of the source; null if it does not say.</param>
/// <param name="Percent">From 0 to 100; null if the total is unknown.</param>
/// <param name="RatePerMinute">Rows per minute of work so far; null before the first page.</param>
/// <param name="Eta">When a running job will end at this rate; null if that is unknown.</param>
public sealed record ImportProgress(
    long Processed, long? Total, long Created, long Updated, long Skipped, long Failed, int? Percent, int? RatePerMinute, DateTime? Eta)
{
    public static ImportProgress Of(
        long processed, long? total, long created, long updated, long skipped, long failed, long workedMs, bool isRunning, DateTime at)
    {
        double? rate = workedMs > 0 && processed > 0 ? processed * 60_000d / workedMs : null;
        int? percent = total is > 0 ? (int)Math.Min(100, processed * 100 / total.Value) : null;
        var minutes = isRunning && total is { } all && rate is { } speed ? Math.Max(0, all - processed) / speed : (double?)null;
        return new(
            processed, total, created, updated, skipped, failed, percent,
            rate is { } perMinute ? (int)Math.Min(int.MaxValue, perMinute) : null,
            minutes is < 60 * 24 * 365 ? at.AddMinutes(minutes.Value) : null);
    }
}
