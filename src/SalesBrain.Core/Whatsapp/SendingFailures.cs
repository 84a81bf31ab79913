namespace SalesBrain.Core.Whatsapp;

/// <summary>What becomes of a message that the vendor did not take.</summary>
public static class SendingFailures
{
    private const int AppLimit = 4;
    private const int AccountLimit = 80007;
    private const int Maintenance = 131057;
    private const int SpamLimit = 131048;

    /// <summary>The attempts of a message that is retried, including the first; then it fails.</summary>
    private const int MaxAttempts = 12;

    private const int MaxPairAttempts = 6;
    private const int MaxThroughputAttempts = 30;
    private const int MaxLimitAttempts = 10;

    private static readonly TimeSpan OnceAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SpamPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LockedPause = TimeSpan.FromHours(24);

    /// <summary>What to do after an error.</summary>
    /// <param name="attempts">The failed attempts so far, without this one.</param>
    public static SendingFailure After(WhatsappError error, int attempts) => error switch
    {
        { IsUnknown: true } => new(SendingOutcome.Unknown, attempts),
        // Not the message's fault: it stays in the queue.
        { NeedsReconnect: true } => new(SendingOutcome.Returned, attempts),
        _ when DelayAfter(error, attempts) is { } delay =>
            new(SendingOutcome.Retry, attempts + 1) { Delay = delay, HoldsQueue = error.Retry == WhatsappRetry.Queue },
        _ => new(SendingOutcome.Failed, attempts + 1),
    };

    /// <summary>How long the account's queue pauses after an error that restricts the account.</summary>
    public static TimeSpan PauseAfter(WhatsappError error) => error.Code == SpamLimit ? SpamPause : LockedPause;

    /// <summary>
    /// What kind of error it is, for metrics: <c>reconnect</c>, <c>restricted</c>, <c>limit</c>, <c>window</c>, <c>unavailable</c>,
    /// <c>unknown</c> or <c>refused</c>.
    /// </summary>
    public static string ClassOf(WhatsappError error) => error switch
    {
        { IsUnknown: true } => "unknown",
        { NeedsReconnect: true } => "reconnect",
        { StopsAccount: true } => "restricted",
        { Code: WhatsappErrors.WindowClosed } => "window",
        { Retry: WhatsappRetry.Pair or WhatsappRetry.Queue } => "limit",
        { Retry: WhatsappRetry.Yes or WhatsappRetry.Once } => "unavailable",
        _ => "refused",
    };

    private static TimeSpan? DelayAfter(WhatsappError error, int attempts) => (error.Retry, error.Code) switch
    {
        (WhatsappRetry.Once, _) => attempts == 0 ? OnceAfter : null,
        // As the vendor asks: 4^n seconds.
        (WhatsappRetry.Pair, _) => Growing(attempts, MaxPairAttempts, 1, 4, 1024),
        // Limits by the hour.
        (WhatsappRetry.Queue, AppLimit or AccountLimit) => Growing(attempts, MaxLimitAttempts, 60, 2, 3600),
        (WhatsappRetry.Queue, _) => Growing(attempts, MaxThroughputAttempts, 1, 2, 30),
        // The vendor says that it takes up to a minute.
        (WhatsappRetry.Yes, Maintenance) => Growing(attempts, MaxAttempts, 15, 2, 60),
        (WhatsappRetry.Yes, _) => Growing(attempts, MaxAttempts, 2, 4, 300),
        _ => null,
    };

    /// <summary>
    /// The delay after a number of failed attempts, in seconds: the first, times the factor for each; null after the last.
    /// </summary>
    private static TimeSpan? Growing(int attempts, int most, int first, int factor, int longest) =>
        attempts + 1 < most ? TimeSpan.FromSeconds(Math.Min(longest, first * Math.Pow(factor, attempts))) : null;
}

/// <summary>What becomes of a message.</summary>
/// <param name="Attempts">The failed attempts from now on.</param>
public sealed record SendingFailure(SendingOutcome Outcome, int Attempts)
{
    /// <summary>When it is sent again; null unless it is retried.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>All messages of the number wait as long.</summary>
    public bool HoldsQueue { get; init; }
}

public enum SendingOutcome
{
    /// <summary>The vendor has taken it.</summary>
    Sent = 1,

    /// <summary>It is sent again by itself.</summary>
    Retry,

    Failed,

    /// <summary>Nobody knows whether the vendor has it. It is not sent again by itself.</summary>
    Unknown,

    /// <summary>It was not sent, and is queued as before.</summary>
    Returned,
}
