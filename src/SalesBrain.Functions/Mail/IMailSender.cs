namespace SalesBrain.Functions.Mail;

/// <summary>Sends e-mails. Use it through <see cref="MailDelivery"/>.</summary>
public interface IMailSender
{
    /// <summary>Returns when the e-mail was accepted. Throws <see cref="MailException"/> if it was not, or if that is uncertain.</summary>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>An e-mail was not accepted. The message is for the log and contains no address and no text from the server.</summary>
public sealed class MailException(string message) : Exception(message);
