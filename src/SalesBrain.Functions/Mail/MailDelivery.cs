using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Mail;

/// <summary>
/// Sends mails about changes that are committed already, so that a mail server which fails can't undo or half-do them: the caller learns whether
/// the mail left, and the change stands either way. Never call it inside a transaction.
/// </summary>
public sealed class MailDelivery(IMailSender sender, TimeProvider clock, ILogger<MailDelivery> log)
{
    /// <summary>How long a mail server may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether the mail was taken. <paramref name="kind"/> names it in the log. Takes no cancellation: what the mail tells of has happened, whether
    /// or not somebody still waits for the answer.
    /// </summary>
    public async Task<bool> TrySendAsync(OutgoingMail mail, string kind)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await sender.SendAsync(mail, limit.Token);
            log.LogInformation("Sent an e-mail of kind {Kind}", kind);
            return true;
        }
        catch (MailException e)
        {
            log.LogWarning("An e-mail of kind {Kind} was not sent: {Reason}", kind, e.Message);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("An e-mail of kind {Kind} was not sent: the mail server took more than {Seconds} seconds", kind, Limit.TotalSeconds);
        }
        return false;
    }
}
