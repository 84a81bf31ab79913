namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Whether a delivery is its sender's.</summary>
public sealed record VerificationResult
{
    internal static readonly VerificationResult Accepted = new();
    internal static readonly VerificationResult AcceptedByPrevious = new() { UsedPreviousSecret = true };

    private VerificationResult()
    {
    }

    /// <summary>Why not; null when it is.</summary>
    public WebhookRefusal? Refusal { get; private init; }

    public bool IsAccepted => Refusal is null;

    /// <summary>It was accepted with the secret before the last rotation, which stops working when its grace time ends.</summary>
    public bool UsedPreviousSecret { get; private init; }

    public static implicit operator VerificationResult(WebhookRefusal refusal) => new() { Refusal = refusal };

    /// <summary>The result for a match; a mismatch is refused as <paramref name="refuse"/> makes it of the words that say so.</summary>
    internal static VerificationResult Of(SecretMatch match, string what, Func<string, WebhookRefusal> refuse) => match switch
    {
        SecretMatch.Current => Accepted,
        SecretMatch.Previous => AcceptedByPrevious,
        SecretMatch.Expired => refuse($"{what} matches the previous secret, which is no longer accepted"),
        _ => refuse($"{what} does not match"),
    };
}
