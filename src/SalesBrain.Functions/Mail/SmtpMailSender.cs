using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace SalesBrain.Functions.Mail;

/// <summary>Sends e-mails through a mail server, with one connection per e-mail: there are few, and no idle connection is kept.</summary>
internal sealed class SmtpMailSender(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var message = MailFormat.Write(mail, settings, clock.GetUtcNow());
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(settings.SmtpHost, settings.SmtpPort, Security(settings.SmtpSecurity), cancellationToken);
            if (settings.SmtpUser.Length > 0)
            {
                await client.AuthenticateAsync(settings.SmtpUser, settings.SmtpPassword, cancellationToken);
            }
            await client.SendAsync(message, cancellationToken);
        }
        catch (SmtpCommandException e)
        {
            throw new MailException($"the mail server refused the e-mail: {e.ErrorCode} {(int)e.StatusCode}");
        }
        catch (Exception e) when (e is ProtocolException or CommandException or ServiceNotConnectedException or ServiceNotAuthenticatedException
            or MailKit.Security.AuthenticationException or SslHandshakeException or System.Security.Authentication.AuthenticationException
            or NotSupportedException or SocketException or IOException or TimeoutException)
        {
            throw new MailException($"the mail server could not be used: {e.GetType().Name}");
        }
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception e) when (e is ProtocolException or CommandException or SocketException or IOException or OperationCanceledException)
        {
            // The mail is taken already; a server that hangs up without saying goodbye changes nothing.
        }
    }

    private static SecureSocketOptions Security(string name) => name switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        // Never "when available": an attacker in between could make encryption unavailable.
        _ => SecureSocketOptions.StartTls,
    };
}
