namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>When a failed webhook is retried.</summary>
public static class RetryRules
{
    /// <summary>The delays after the first failure, the second failure and so on.</summary>
    public static IReadOnlyList<TimeSpan> Delays { get; } =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    /// <summary>What to wait after the n-th failure, counted from 1; null when that was the last attempt and the log is dead.</summary>
    public static TimeSpan? DelayAfter(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        return failures <= Delays.Count ? Delays[failures - 1] : null;
    }
}
