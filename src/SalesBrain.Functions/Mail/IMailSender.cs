namespace SalesBrain.Functions.Mail;

/// <summary>Hands mails to whoever carries them. Callers go through <see cref="MailDelivery"/>.</summary>
public interface IMailSender
{
    /// <summary>Returns when the mail was taken. Throws <see cref="MailException"/> when it was not, or not surely.</summary>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A mail was not taken. The message is for the log: it names no address and quotes nothing that the server said.</summary>
public sealed class MailException(string message) : Exception(message);
