using Microsoft.Extensions.Options;

namespace SalesBrain.Functions.Mail;

/// <summary>Writes each e-mail to a folder as an <c>.eml</c> file. For development, where no e-mail must be sent.</summary>
internal sealed class FolderMailSender(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var message = MailFormat.Write(mail, options.Value, now);
        var path = Path.Combine(options.Value.Folder, $"{now:yyyyMMdd-HHmmss}-{Guid.CreateVersion7(now):N}.eml");
        try
        {
            CreateFolder(options.Value.Folder);
            // The folder only ever contains complete files.
            await message.WriteToAsync($"{path}.part", cancellationToken);
            File.Move($"{path}.part", path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailException($"the folder {options.Value.Folder} is not writable: {e.GetType().Name}");
        }
    }

    /// <summary>The links in the mails are secrets: the folder is the owner's alone.</summary>
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
