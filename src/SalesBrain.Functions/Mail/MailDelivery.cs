using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Mail;

/// <summary>
/// Sends e-mails about committed changes, so that a failing mail server does not affect them. The caller learns whether the e-mail was
/// sent. Never call it inside a transaction.
/// </summary>
public sealed class MailDelivery(IMailSender sender, TimeProvider clock, ILogger<MailDelivery> log)
{
    /// <summary>How long a mail server may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Returns whether the e-mail was accepted. <paramref name="kind"/> names it in the log. Not cancellable, because the change is already
    /// committed, even if the client has disconnected.
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
            log.LogWarning(
                "An e-mail of kind {Kind} was not sent: the mail server took more than {Seconds} seconds", kind, Limit.TotalSeconds);
        }
        return false;
    }
}
