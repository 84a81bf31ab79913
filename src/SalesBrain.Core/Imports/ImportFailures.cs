namespace SalesBrain.Core.Imports;

/// <summary>What a job does after an error of its source.</summary>
public static class ImportFailures
{
    /// <summary>The attempts of a page, including the first; then the job fails.</summary>
    public const int MaxAttempts = 5;

    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(320)];

    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>What to do after an error.</summary>
    /// <param name="attempts">The failed attempts of the page so far, without this one.</param>
    /// <param name="retryAfter">How long the source asks to wait; null if it does not say.</param>
    public static ImportFailure After(string code, int attempts, TimeSpan? retryAfter) => code switch
    {
        // A limit is not the page's fault: waiting for it is no attempt.
        "rate_limited" => new(ImportFailureOutcome.Wait, attempts, Between(TimeSpan.FromSeconds(1), retryAfter ?? DefaultWait)),
        "unavailable" or "timeout" when attempts + 1 < MaxAttempts => new(
            ImportFailureOutcome.Wait, attempts + 1,
            Between(Delays[Math.Clamp(attempts, 0, Delays.Length - 1)], retryAfter ?? TimeSpan.Zero)),
        // The job can go on when the vendor grants more: a person decides when.
        "quota_exhausted" => new(ImportFailureOutcome.Pause, attempts, null),
        _ => new(ImportFailureOutcome.Fail, attempts + 1, null),
    };

    private static TimeSpan Between(TimeSpan least, TimeSpan wanted) =>
        wanted < least ? least : wanted > LongestWait ? LongestWait : wanted;
}

/// <param name="Attempts">The failed attempts of the page from now on.</param>
/// <param name="Delay">How long to wait; null unless the outcome is to wait.</param>
public sealed record ImportFailure(ImportFailureOutcome Outcome, int Attempts, TimeSpan? Delay);

public enum ImportFailureOutcome
{
    /// <summary>The job tries again later.</summary>
    Wait = 1,

    /// <summary>The system pauses the job, and notifies its creator.</summary>
    Pause,

    Fail,
}
