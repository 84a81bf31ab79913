namespace SalesBrain.Core.Whatsapp;

/// <summary>
/// The vendor's limits on messages to one person: one in 6 seconds, of which 45 may come at once, borrowed from the time after.
/// </summary>
public static class SendingPace
{
    public const int PairBurst = 45;

    public static readonly TimeSpan PairInterval = TimeSpan.FromSeconds(6);
}
