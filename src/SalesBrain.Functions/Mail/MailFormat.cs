using MimeKit;
using MimeKit.Utils;

namespace SalesBrain.Functions.Mail;

/// <summary>How a mail is written down (RFC 5322), the same on its way to a server and to a folder.</summary>
internal static class MailFormat
{
    /// <summary>Throws <see cref="MailException"/> for an address that can be stored but not mailed to.</summary>
    internal static MimeMessage Write(OutgoingMail mail, MailOptions options, DateTimeOffset now)
    {
        // What reads as more than this one address would reach somebody else.
        if (!MailboxAddress.TryParse(ParserOptions.Default, mail.To, out var to) || to.Address != mail.To.Trim())
        {
            throw new MailException("the recipient's address is not valid for e-mail");
        }
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = now,
            // The default would name this machine.
            MessageId = MimeUtils.GenerateMessageId(options.From.Domain),
            Body = new TextPart("plain") { Text = mail.Text },
        };
        message.From.Add(options.From);
        message.To.Add(to);
        // Keeps absence notes from answering (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
