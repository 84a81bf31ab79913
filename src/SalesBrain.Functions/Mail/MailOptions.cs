using MimeKit;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Mail;

/// <summary>Settings <c>Mail__…</c>.</summary>
// A class, not a record: a record's ToString would print the password.
public sealed class MailOptions
{
    /// <summary><see cref="Transport"/>: to a mail server.</summary>
    public const string Smtp = "smtp";

    /// <summary><see cref="Transport"/>: into <see cref="Folder"/>, for development.</summary>
    public const string ToFolder = "folder";

    /// <summary>A placeholder sender, sufficient for files.</summary>
    private const string NobodysAddress = "SalesBrain <no-reply@salesbrain.example>";

    public required string Transport { get; init; }

    /// <summary>The sender of e-mails, such as <c>SalesBrain &lt;no-reply@example.com&gt;</c>.</summary>
    public required MailboxAddress From { get; init; }

    public required string Folder { get; init; }

    public required string SmtpHost { get; init; }

    public required int SmtpPort { get; init; }

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public required string SmtpSecurity { get; init; }

    /// <summary>Empty if the server requires none.</summary>
    public required string SmtpUser { get; init; }

    public required string SmtpPassword { get; init; }

    internal static MailOptions Read(SettingsReader settings)
    {
        var from = settings.Text("Mail__From", "the sender of e-mails, such as SalesBrain <no-reply@example.com>", NobodysAddress);
        settings.Check(
            MailboxAddress.TryParse(from, out var sender) && sender.Domain.Length > 0,
            "Mail__From must be an e-mail address, optionally with a name: Name <address>.");
        var options = new MailOptions
        {
            Transport = settings.Choice("Mail__Transport", "how e-mails are sent", [Smtp, ToFolder]),
            From = sender ?? new MailboxAddress("", "invalid@example.com"),
            Folder = settings.Text("Mail__Folder", "the folder for .eml files", ".local/mail"),
            SmtpHost = settings.Text("Mail__SmtpHost", "the mail server", ""),
            SmtpPort = settings.Number("Mail__SmtpPort", "the mail server's port", 587, 1, 65535),
            SmtpSecurity = settings.Choice(
                "Mail__SmtpSecurity", "how the connection to the mail server is encrypted", ["starttls", "tls", "none"], "starttls"),
            SmtpUser = settings.Text("Mail__SmtpUser", "the user name at the mail server", ""),
            SmtpPassword = settings.Text("Mail__SmtpPassword", "the password at the mail server", ""),
        };
        settings.Check(
            options.Transport != Smtp || options.SmtpHost.Length > 0,
            "Mail__SmtpHost is missing: Mail__Transport smtp requires a mail server.");
        settings.Check(
            options.Transport != Smtp || from != NobodysAddress,
            "Mail__From is missing: Mail__Transport smtp requires a sender that the mail server accepts.");
        settings.Check(
            (options.SmtpUser.Length > 0) == (options.SmtpPassword.Length > 0),
            "Mail__SmtpUser and Mail__SmtpPassword must be set together. Leave both empty if the mail server requires no sign-in.");
        settings.Check(
            options.SmtpSecurity != "none" || options.SmtpPassword.Length == 0,
            "Mail__SmtpSecurity none would send Mail__SmtpPassword unencrypted: use starttls or tls.");
        return options;
    }
}
