using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Mail;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Mail;

public sealed class SetPasswordMailsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly MailCapture _mails = new();

    [Fact]
    public async Task Invitation_names_the_organization_the_link_and_when_it_ends()
    {
        Assert.True(await Mails().SendInvitationAsync("new@test.example", "Acme", "the-token", _clock.GetUtcNow()));

        var mail = Assert.Single(_mails.All);
        Assert.Equal("Your SalesBrain account", mail.Subject);
        Assert.Contains("in the organization Acme.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("\nhttps://portal.example/app/set-password#token=the-token\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains("expires on 22 January 2026, 12:00 UTC", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_of_the_platform_is_invited_to_no_organization()
    {
        Assert.True(await Mails().SendInvitationAsync("new@test.example", null, "the-token", _clock.GetUtcNow()));

        Assert.Contains("a SalesBrain account was created for you. Your sign-in name is", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_of_an_organization_cannot_add_lines_of_its_own()
    {
        await Mails().SendInvitationAsync("new@test.example", "Acme\r\n\r\nWire the money to\t1234", "the-token", _clock.GetUtcNow());

        Assert.Contains("in the organization Acme Wire the money to 1234.", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_mail_server_is_an_answer_and_no_exception()
    {
        _mails.Fails = true;

        Assert.False(await Mails().SendResetAsync("somebody@test.example", "the-token", _clock.GetUtcNow()));
    }

    [Fact]
    public async Task Hanging_mail_server_is_given_up_after_fifteen_seconds()
    {
        var sending = Mails(new HangingSender()).SendResetAsync("somebody@test.example", "the-token", _clock.GetUtcNow());

        _clock.Advance(MailDelivery.Limit);

        Assert.False(await sending);
    }

    private SetPasswordMails Mails(IMailSender? sender = null) => new(
        new MailDelivery(sender ?? _mails, _clock, NullLogger<MailDelivery>.Instance),
        Options.Create(new PortalOptions { BaseUrl = new Uri("https://portal.example/app/") }));

    private sealed class HangingSender : IMailSender
    {
        public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
