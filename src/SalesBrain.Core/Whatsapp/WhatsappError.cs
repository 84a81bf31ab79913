namespace SalesBrain.Core.Whatsapp;

/// <summary>What an error of WhatsApp means for sending.</summary>
/// <param name="Code">The vendor's code; null if the response had none.</param>
/// <param name="Retry">Whether the message is sent again.</param>
/// <param name="Sentence">What happened and what to do, for people.</param>
public sealed record WhatsappError(int? Code, WhatsappRetry Retry, string Sentence)
{
    /// <summary>The token is no longer valid: the account must be connected again before anything is sent.</summary>
    public bool NeedsReconnect { get; init; }

    /// <summary>The vendor has restricted the account or the number: nothing more is sent until somebody has looked at it.</summary>
    public bool StopsAccount { get; init; }

    /// <summary>Whether the message may have been sent although there was an error. It is not sent again by itself.</summary>
    public bool IsUnknown { get; init; }
}
