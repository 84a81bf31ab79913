using MimeKit;
using MimeKit.Utils;

namespace SalesBrain.Functions.Mail;

/// <summary>The format of e-mails (RFC 5322), the same for a mail server and for a folder.</summary>
internal static class MailFormat
{
    /// <summary>Throws <see cref="MailException"/> for an address that is stored but not valid for e-mail.</summary>
    internal static MimeMessage Write(OutgoingMail mail, MailOptions options, DateTimeOffset now)
    {
        // A text that parses as more than this one address would reach other recipients.
        if (!MailboxAddress.TryParse(ParserOptions.Default, mail.To, out var to) || to.Address != mail.To.Trim())
        {
            throw new MailException("the recipient's address is not valid for e-mail");
        }
        var message = new MimeMessage
        {
            Subject = MailNames.OneLine(mail.Subject),
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
