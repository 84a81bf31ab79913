using System.Globalization;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// The e-mails about a new e-mail address: a link to the new one, and a notice without a link to the old one. Neither names the other
/// address, which somebody else may have chosen. Send them after the commit.
/// </summary>
public sealed class EmailChangeMails(SalesBrainDatabase database, MailDelivery delivery, IOptions<PortalOptions> portal)
{
    /// <summary>
    /// Counts a change, just before its commit. Returns the problem if the old or the new address has received as many of these e-mails as
    /// it may.
    /// </summary>
    internal async Task<Problem?> CountAsync(string oldEmail, string newEmail, Call call)
    {
        foreach (var email in new[] { oldEmail, newEmail })
        {
            if (await MailLimits.CountAsync(
                database.AutoCommitPlatform(), MailLimit.EmailChange, Emails.Normalize(email), call.Now, call.CancellationToken) is { } wait)
            {
                var problem = Problems.TooManyMails.Because(
                    "An e-mail address can be changed three times a day. Try again after the number of seconds in Retry-After.");
                return problem with { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
            }
        }
        return null;
    }

    /// <summary>
    /// To the new address. The portal's page reads the token after the <c>#</c> and calls <c>POST /api/v1/auth/email-change/confirm</c>.
    /// False means that the e-mail was not sent.
    /// </summary>
    internal Task<bool> SendConfirmationAsync(string newEmail, string token, DateTimeOffset issuedAt) =>
        delivery.TrySendAsync(new OutgoingMail(newEmail, "Confirm your e-mail address for SalesBrain", $"""
            Hello,

            this e-mail address is to become the address of a SalesBrain account. Confirm it here:

            {portal.Value.BaseUrl.AbsoluteUri.TrimEnd('/')}/confirm-email#token={token}

            The link works once and expires on {(issuedAt + EmailChanges.Lifetime).UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)}. Until you confirm, the account keeps its old address.

            If you did not expect this e-mail, ignore it. Nothing changes.
            """), "email_confirmation");

    /// <summary>To the old address.</summary>
    internal Task<bool> SendNoticeAsync(string oldEmail, bool byTheUser) =>
        delivery.TrySendAsync(new OutgoingMail(oldEmail, "The e-mail address of your SalesBrain account is being changed", byTheUser
            ? """
            Hello,

            somebody signed in to your SalesBrain account, entered your password and requested another e-mail address for it. The new address
            counts once it is confirmed. Until then, the account keeps this address.

            If this was not you, set a new password now with "Forgot password" on the sign-in page. That cancels the change. Then tell an
            administrator of your organization.
            """
            : """
            Hello,

            an administrator requested another e-mail address for your SalesBrain account, and you were signed out on all devices. The new
            address counts once it is confirmed. Until then, the account keeps this address.

            If you did not expect this, contact an administrator of your organization.
            """), "email_change_notice");
}
