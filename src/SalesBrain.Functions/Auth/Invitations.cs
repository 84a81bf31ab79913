using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Sends invitations. An e-mail address receives a limited number a day, whoever sends them.</summary>
public sealed class Invitations(SalesBrainDatabase database, SetPasswordMails mails)
{
    /// <summary>
    /// Counts an invitation, just before the commit of what it is about. Returns the problem if the address has had as many as it may.
    /// </summary>
    internal async Task<Problem?> CountAsync(string email, Call call)
    {
        var wait = await MailLimits.CountAsync(
            database.AutoCommitPlatform(), MailLimit.Invitation, Emails.Normalize(email), call.Now, call.CancellationToken);
        return wait is { } time ? TooMany(time) : null;
    }

    /// <summary>Sends a counted invitation. Returns whether the mail was accepted; if not, it does not count.</summary>
    internal async Task<bool> SendAsync(string email, string? organizationName, string token, DateTimeOffset issuedAt)
    {
        if (await mails.SendInvitationAsync(email, organizationName, token, issuedAt))
        {
            return true;
        }
        await MailLimits.TakeBackAsync(
            database.AutoCommitPlatform(), MailLimit.Invitation, Emails.Normalize(email), CancellationToken.None);
        return false;
    }

    private static Problem TooMany(TimeSpan wait)
    {
        var problem = Problems.TooManyMails.Because(
            "This e-mail address has received three invitations within a day. Try again after the number of seconds in Retry-After.");
        return problem with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
    }
}
