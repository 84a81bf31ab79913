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

    /// <summary>Enough for files that nobody answers.</summary>
    private const string NobodysAddress = "SalesBrain <no-reply@salesbrain.example>";

    public required string Transport { get; init; }

    /// <summary>Who mails come from, such as <c>SalesBrain &lt;no-reply@example.com&gt;</c>.</summary>
    public required MailboxAddress From { get; init; }

    public required string Folder { get; init; }

    public required string SmtpHost { get; init; }

    public required int SmtpPort { get; init; }

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public required string SmtpSecurity { get; init; }

    /// <summary>Empty for a server that asks for none.</summary>
    public required string SmtpUser { get; init; }

    public required string SmtpPassword { get; init; }

    internal static MailOptions Read(SettingsReader settings)
    {
        var from = settings.Text("Mail__From", "who mails come from, such as SalesBrain <no-reply@example.com>", NobodysAddress);
        settings.Check(
            MailboxAddress.TryParse(from, out var sender) && sender.Domain.Length > 0,
            "Mail__From must be a mail address, with or without a name before it in the form: Name <address>.");
        var options = new MailOptions
        {
            Transport = settings.Choice("Mail__Transport", "where mails go", [Smtp, ToFolder]),
            From = sender ?? new MailboxAddress("", "invalid@example.com"),
            Folder = settings.Text("Mail__Folder", "where .eml files are put", ".local/mail"),
            SmtpHost = settings.Text("Mail__SmtpHost", "the mail server", ""),
            SmtpPort = settings.Number("Mail__SmtpPort", "the mail server's port", 587, 1, 65535),
            SmtpSecurity = settings.Choice("Mail__SmtpSecurity", "how the connection to the mail server is encrypted", ["starttls", "tls", "none"], "starttls"),
            SmtpUser = settings.Text("Mail__SmtpUser", "the account at the mail server", ""),
            SmtpPassword = settings.Text("Mail__SmtpPassword", "that account's password", ""),
        };
        settings.Check(options.Transport != Smtp || options.SmtpHost.Length > 0, "Mail__SmtpHost is missing: with Mail__Transport smtp the mail server must be named.");
        settings.Check(options.Transport != Smtp || from != NobodysAddress, "Mail__From is missing: with Mail__Transport smtp mails need a sender that the mail server lets them have.");
        settings.Check(
            (options.SmtpUser.Length > 0) == (options.SmtpPassword.Length > 0),
            "Mail__SmtpUser and Mail__SmtpPassword must be set both, or neither for a mail server that asks for none.");
        settings.Check(
            options.SmtpSecurity != "none" || options.SmtpPassword.Length == 0,
            "Mail__SmtpSecurity none would send Mail__SmtpPassword for everybody to read: use starttls or tls.");
        return options;
    }
}
