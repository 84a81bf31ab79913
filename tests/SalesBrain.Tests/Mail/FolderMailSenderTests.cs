using Microsoft.Extensions.Options;
using MimeKit;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Tests.Mail;

public sealed class FolderMailSenderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"salesbrain-mail-{Guid.NewGuid():N}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_mail_becomes_a_file_that_only_its_owner_can_list()
    {
        var sender = Sender(_folder);

        await sender.SendAsync(
            new OutgoingMail(
                "one@test.example", "First", "Text with a long link https://portal.example/set-password#token=" + new string('x', 60)),
            Cancel);
        await sender.SendAsync(new OutgoingMail("two@test.example", "Second", "Text"), Cancel);

        var mails = Directory.GetFiles(_folder).Order().Select(file => MimeMessage.Load(file)).ToList();
        Assert.Equal(["First", "Second"], mails.Select(mail => mail.Subject).Order());
        Assert.Contains(mails, mail => mail.TextBody!.Contains("#token=" + new string('x', 60), StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(_folder), file => Assert.Matches(@"20260115-120000-[0-9a-f]{32}\.eml$", file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        }
    }

    [Fact]
    public async Task Invalid_folder_is_reported()
    {
        await File.WriteAllTextAsync(_folder, "a file in its place", Cancel);

        var exception = await Assert.ThrowsAsync<MailException>(
            () => Sender(_folder).SendAsync(new OutgoingMail("one@test.example", "First", "Text"), Cancel));

        Assert.Contains(_folder, exception.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        File.Delete(_folder);
    }

    private static FolderMailSender Sender(string folder) => new(
        Options.Create(new MailOptions
        {
            Transport = MailOptions.ToFolder,
            From = new MailboxAddress("SalesBrain", "no-reply@salesbrain.example"),
            Folder = folder,
            SmtpHost = "",
            SmtpPort = 587,
            SmtpSecurity = "starttls",
            SmtpUser = "",
            SmtpPassword = "",
        }),
        new FakeTimeProvider(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero)));
}
