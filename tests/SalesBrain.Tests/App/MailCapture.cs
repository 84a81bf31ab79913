using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Tests.App;

/// <summary>Takes the app's mails in place of a mail server, and on request fails as one.</summary>
public sealed partial class MailCapture : IMailSender
{
    private readonly ConcurrentQueue<OutgoingMail> _mails = new();

    /// <summary>Every mail that was taken, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> All => [.. _mails];

    /// <summary>Whether the next mails are refused.</summary>
    public bool Fails { get; set; }

    /// <summary>The mails to one address, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> To(string email) => [.. _mails.Where(mail => mail.To == email)];

    /// <summary>The token in the link of the last mail to the address.</summary>
    public string LastTokenTo(string email) => Token().Match(To(email)[^1].Text).Groups["token"].Value;

    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (Fails)
        {
            throw new MailException("the test wants it to fail");
        }
        _mails.Enqueue(mail);
        return Task.CompletedTask;
    }

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
