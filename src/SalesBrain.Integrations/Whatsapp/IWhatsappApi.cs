namespace SalesBrain.Integrations.Whatsapp;

/// <summary>
/// The calls of Meta's Graph API that WhatsApp needs. Tokens are those of the organizations. Failures are returned, not thrown. Only a call
/// that changes nothing is repeated by itself.
/// </summary>
public interface IWhatsappApi
{
    /// <summary>Sends a message over a phone number. It is never repeated: there is no idempotency key.</summary>
    Task<GraphResult<SentMessage>> SendAsync(
        string token, string phoneNumberId, WhatsappMessage message, CancellationToken cancellationToken);

    /// <summary>Shows the person that a message of theirs, and those before it, were read.</summary>
    Task<GraphResult<GraphSuccess>> MarkReadAsync(string token, string phoneNumberId, string wamid, CancellationToken cancellationToken);

    /// <summary>Exchanges the code of an embedded signup for a business token. A code works once, for about 30 seconds.</summary>
    Task<GraphResult<string>> ExchangeCodeAsync(string code, CancellationToken cancellationToken);

    /// <summary>What a token is, and what it was granted.</summary>
    Task<GraphResult<GraphToken>> DebugTokenAsync(string token, CancellationToken cancellationToken);

    /// <summary>All phone numbers of a WhatsApp Business Account.</summary>
    Task<GraphResult<IReadOnlyList<WhatsappNumber>>> ListPhoneNumbersAsync(
        string token, string wabaId, CancellationToken cancellationToken);

    /// <summary>Has the account's events sent to the app's webhook. Repeating it changes nothing.</summary>
    Task<GraphResult<GraphSuccess>> SubscribeAsync(string token, string wabaId, CancellationToken cancellationToken);

    /// <summary>Ends the subscription of the account's events.</summary>
    Task<GraphResult<GraphSuccess>> UnsubscribeAsync(string token, string wabaId, CancellationToken cancellationToken);

    /// <summary>Registers a number for sending, with a PIN of six digits. Repeating it with the same PIN changes nothing.</summary>
    Task<GraphResult<GraphSuccess>> RegisterAsync(string token, string phoneNumberId, string pin, CancellationToken cancellationToken);

    Task<GraphResult<WhatsappNumber>> GetPhoneNumberAsync(string token, string phoneNumberId, CancellationToken cancellationToken);

    /// <summary>All templates of a WhatsApp Business Account, whatever their status.</summary>
    Task<GraphResult<IReadOnlyList<WhatsappTemplate>>> ListTemplatesAsync(string token, string wabaId, CancellationToken cancellationToken);
}
