using System.Text.RegularExpressions;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Tests.App;

/// <summary>Takes the app's mails in place of a mail server, and on request fails as one, or keeps it waiting.</summary>
public sealed partial class MailCapture : IMailSender
{
    private readonly Lock _gate = new();
    private readonly List<OutgoingMail> _mails = [];
    private readonly List<(string Email, TaskCompletionSource Arrival)> _awaited = [];

    /// <summary>Every mail that was taken, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _mails];
            }
        }
    }

    /// <summary>Whether the next mails are refused.</summary>
    public bool Fails { get; set; }

    /// <summary>Mails are taken only when this is done.</summary>
    public Task Opens { get; set; } = Task.CompletedTask;

    /// <summary>How many mails were offered, taken or not.</summary>
    public int Offered { get; private set; }

    /// <summary>The mails to one address, oldest first.</summary>
    public IReadOnlyList<OutgoingMail> To(string email) => [.. All.Where(mail => mail.To == email)];

    /// <summary>The token in the link of the last mail to the address.</summary>
    public string LastTokenTo(string email) => Token().Match(To(email)[^1].Text).Groups["token"].Value;

    /// <summary>Completes with the next mail to the address, sent or refused. Ask before what brings it.</summary>
    public Task NextToAsync(string email)
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited.Add((email, arrival));
        }
        return arrival.Task.WaitAsync(Eventually.Limit);
    }

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await Opens;
        lock (_gate)
        {
            Offered++;
            if (!Fails)
            {
                _mails.Add(mail);
            }
            foreach (var (_, arrival) in _awaited.FindAll(awaited => awaited.Email == mail.To))
            {
                arrival.TrySetResult();
            }
            _awaited.RemoveAll(awaited => awaited.Email == mail.To);
        }
        if (Fails)
        {
            throw new MailException("the test wants it to fail");
        }
    }

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
