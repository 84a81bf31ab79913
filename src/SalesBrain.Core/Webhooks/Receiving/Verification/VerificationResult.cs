namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>The result of authenticating a delivery.</summary>
public sealed record VerificationResult
{
    internal static readonly VerificationResult Accepted = new();
    internal static readonly VerificationResult AcceptedByPrevious = new() { UsedPreviousSecret = true };

    private VerificationResult()
    {
    }

    /// <summary>Why the delivery was refused; null if it was accepted.</summary>
    public WebhookRefusal? Refusal { get; private init; }

    public bool IsAccepted => Refusal is null;

    /// <summary>True if it was accepted with the previous secret, which stops working when its grace period ends.</summary>
    public bool UsedPreviousSecret { get; private init; }

    public static implicit operator VerificationResult(WebhookRefusal refusal) => new() { Refusal = refusal };

    /// <summary>The result for a match. For a mismatch, <paramref name="refuse"/> creates the refusal from the diagnosis.</summary>
    internal static VerificationResult Of(SecretMatch match, string what, Func<string, WebhookRefusal> refuse) => match switch
    {
        SecretMatch.Current => Accepted,
        SecretMatch.Previous => AcceptedByPrevious,
        SecretMatch.Expired => refuse($"{what} matches the previous secret, which is no longer accepted"),
        _ => refuse($"{what} does not match"),
    };
}
