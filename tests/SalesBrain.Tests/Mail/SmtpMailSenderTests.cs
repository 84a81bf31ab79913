using Microsoft.Extensions.Options;
using MimeKit;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Tests.Mail;

public sealed class SmtpMailSenderTests
{
    private static readonly OutgoingMail SomeMail = new(
        "somebody@test.example", "Überschrift", "Line one\n.\nhttps://portal.example/set-password#token=secret\n");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_reaches_the_server_as_it_was_written()
    {
        await using var server = new MailServer();

        await Sender(server.Port).SendAsync(SomeMail, Cancel);

        Assert.Contains("MAIL FROM:<no-reply@salesbrain.example>", server.Heard);
        Assert.Contains("RCPT TO:<somebody@test.example>", server.Heard);
        Assert.Contains("From: SalesBrain <no-reply@salesbrain.example>", server.Heard);
        Assert.Contains("To: somebody@test.example", server.Heard);
        Assert.Contains("Subject: =?utf-8?", string.Join('\n', server.Heard), StringComparison.Ordinal);
        Assert.Contains("Date: Thu, 15 Jan 2026 12:00:00 +0000", server.Heard);
        Assert.Contains("Auto-Submitted: auto-generated", server.Heard);
        Assert.Contains("https://portal.example/set-password#token=secret", server.Heard);
        // A line of one full stop would end the mail.
        Assert.Contains("..", server.Heard);
        Assert.EndsWith(
            "@salesbrain.example>", server.Heard.Single(line => line.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 <somebody@test.example> is nobody here", "the mail server refused the e-mail: RecipientNotAccepted 550")]
    [InlineData(".", "554 5.7.1 looks like spam", "the mail server refused the e-mail: MessageNotAccepted 554")]
    [InlineData("MAIL", "451 4.7.1 later", "the mail server refused the e-mail: SenderNotAccepted 451")]
    public async Task Refusal_is_told_without_what_the_server_said(string command, string answer, string expected)
    {
        await using var server = new MailServer();
        server.Answers[command] = answer;

        var exception = await Assert.ThrowsAsync<MailException>(() => Sender(server.Port).SendAsync(SomeMail, Cancel));

        Assert.StartsWith(expected, exception.Message);
        Assert.DoesNotContain("somebody", exception.ToString(), StringComparison.Ordinal);
        Assert.Null(exception.InnerException);
    }

    [Fact]
    public async Task Unreachable_server_is_reported()
    {
        var server = new MailServer();
        var port = server.Port;
        await server.DisposeAsync();

        var exception = await Assert.ThrowsAsync<MailException>(() => Sender(port).SendAsync(SomeMail, Cancel));

        Assert.StartsWith("the mail server could not be used", exception.Message);
    }

    [Fact]
    public async Task Without_encryption_nothing_is_sent_where_it_is_asked_for()
    {
        await using var server = new MailServer();

        var exception = await Assert.ThrowsAsync<MailException>(() => Sender(server.Port, "starttls").SendAsync(SomeMail, Cancel));

        Assert.Equal("the mail server could not be used: NotSupportedException", exception.Message);
        Assert.DoesNotContain(server.Heard, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a@b.example,c@d.example")]
    [InlineData("Name<a@b.example>")]
    [InlineData("a@b.example>")]
    [InlineData("\"a@b.example")]
    public async Task Ambiguous_address_gets_no_mail(string address)
    {
        await using var server = new MailServer();

        var exception = await Assert.ThrowsAsync<MailException>(
            () => Sender(server.Port).SendAsync(new OutgoingMail(address, "Subject", "Text"), Cancel));

        Assert.Equal("the recipient's address is not valid for e-mail", exception.Message);
        Assert.Empty(server.Heard);
    }

    private static SmtpMailSender Sender(int port, string security = "none") => new(
        Options.Create(new MailOptions
        {
            Transport = MailOptions.Smtp,
            From = new MailboxAddress("SalesBrain", "no-reply@salesbrain.example"),
            Folder = "",
            SmtpHost = "127.0.0.1",
            SmtpPort = port,
            SmtpSecurity = security,
            SmtpUser = "",
            SmtpPassword = "",
        }),
        new FakeTimeProvider(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero)));
}
