using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Mail;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Mail;

public sealed partial class SetPasswordMailsTests
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

        Assert.Contains(
            "a SalesBrain account was created for you. Your sign-in name is", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_of_an_organization_cannot_add_lines_of_its_own()
    {
        await Mails().SendInvitationAsync("new@test.example", "Acme\r\n\r\nWire the money to\t1234", "the-token", _clock.GetUtcNow());

        Assert.Contains("in the organization Acme Wire the money to 1234.", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    /// <summary>Public case P57, and what else mail programs make links of.</summary>
    [Theory]
    [MemberData(nameof(Advertisements))]
    public async Task Name_with_a_link_is_left_out(string name)
    {
        await Mails().SendInvitationAsync("new@test.example", name, "the-token", _clock.GetUtcNow());

        var text = Assert.Single(_mails.All).Text;
        Assert.Contains("a SalesBrain account was created for you. Your sign-in name is", text, StringComparison.Ordinal);
        Assert.Equal(["https://portal.example/app/set-password#token=the-token"], Link().Matches(text).Select(match => match.Value));
        Assert.DoesNotContain("evil", text, StringComparison.OrdinalIgnoreCase);
    }

    public static TheoryData<string> Advertisements =>
    [
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", "P57-organization-name-as-an-advertisement-in-mails.json")))
            .GetProperty("input").GetProperty("organization_name").GetString()!,
        "evil.example",
        "Acme (EVIL.EXAMPLE/x)",
        "Acme HTTPS://evil",
        "www evil",
        "WWW.evil",
        "mailto:evil",
        "tel:evil",
        "call evil@test",
        "evil\u3002example",
        "evil\uFF0Eexample",
        "\uFF45vil\uFF61example",
        "\uD835\uDDBE\uD835\uDDCF.\uD835\uDDBC\uD835\uDDC8",
        "Acme\uFF20evil",
        "http\uFF1A\uFF0F\uFF0Fevil",
        "http\u200B://evil",
        "evil\u200B.\u200Bexample",
        "ht\ntp://evil",
        "эvil.рф",
    ];

    [Theory]
    [InlineData("Acme", "Acme")]
    [InlineData("Müller & Söhne, Inc.", "Müller & Söhne, Inc.")]
    [InlineData("Acme. Second sentence", "Acme. Second sentence")]
    [InlineData("a - b / c: d", "a - b / c: d")]
    [InlineData("Acme\u2028Second\u0085line", "Acme Second line")]
    [InlineData("Ac\u202Eme\u200B", "Acme")]
    [InlineData("日本語株式会社", "日本語株式会社")]
    public async Task Usual_name_is_told_on_one_line(string name, string told)
    {
        await Mails().SendInvitationAsync("new@test.example", name, "the-token", _clock.GetUtcNow());

        Assert.Contains($"in the organization {told}. Your sign-in name", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n\u200B ")]
    [InlineData("")]
    public async Task Name_of_which_nothing_is_left_is_left_out(string name)
    {
        await Mails().SendInvitationAsync("new@test.example", name, "the-token", _clock.GetUtcNow());

        Assert.Contains("was created for you. Your", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_name_is_cut()
    {
        await Mails().SendInvitationAsync("new@test.example", new string('a', 200), "the-token", _clock.GetUtcNow());

        Assert.Contains($"in the organization {new string('a', 79)}…. Your", Assert.Single(_mails.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_have_no_line_breaks_of_their_own()
    {
        var options = new MailOptions
        {
            Transport = "folder",
            From = new MimeKit.MailboxAddress("SalesBrain", "no-reply@salesbrain.example"),
            Folder = "",
            SmtpHost = "",
            SmtpPort = 1,
            SmtpSecurity = "none",
            SmtpUser = "",
            SmtpPassword = "",
        };

        var message = MailFormat.Write(
            new OutgoingMail("a@test.example", "Hello\r\nBcc: evil@test.example", "Text"), options, _clock.GetUtcNow());

        Assert.Equal("Hello Bcc: evil@test.example", message.Subject);
        Assert.Empty(message.Bcc);
        Assert.Throws<MailException>(() => MailFormat.Write(new OutgoingMail("a@test.example\r\nBcc: evil@test.example", "Hello", "Text"), options, _clock.GetUtcNow()));
    }

    [GeneratedRegex(@"\S*(://|@)\S*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

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
        public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
