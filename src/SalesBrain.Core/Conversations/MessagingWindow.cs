namespace SalesBrain.Core.Conversations;

/// <summary>
/// When free text can be sent: within 24 hours after the person's last message, by the vendor's timestamp. Otherwise the vendor accepts
/// only a template.
/// </summary>
/// <param name="IsOpen">Whether free text can be sent now.</param>
/// <param name="OpenUntil">When it closes; null if it is closed.</param>
/// <param name="ClosedSince">When it closed; null if it is open, or if the person has never written.</param>
public sealed record MessagingWindow(bool IsOpen, DateTime? OpenUntil, DateTime? ClosedSince)
{
    /// <summary>Whether only a template can be sent.</summary>
    public bool NeedsTemplate => !IsOpen;

    /// <summary>The window that closes at a time, as it is now. Null: the person has never written.</summary>
    public static MessagingWindow At(DateTime now, DateTime? expiresAt) =>
        expiresAt is { } end && end > now ? new(true, end, null) : new(false, null, expiresAt);
}
