using System.Globalization;
using Microsoft.Extensions.Options;
using SalesBrain.Data.Auth;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// The e-mails with a link to set a password. The portal's page reads the token after the <c>#</c>, which browsers do not send to servers,
/// and calls <c>POST /api/v1/auth/password-reset/confirm</c>. Call these methods after the commit that stored the token. False means that
/// the e-mail was not sent.
/// </summary>
public sealed class SetPasswordMails(MailDelivery delivery, IOptions<PortalOptions> portal)
{
    /// <summary>
    /// To a new user, with the token of <see cref="PasswordTokens.IssueInvitationAsync"/>; the organization's name is null for a platform
    /// operator. A name that mail programs would make a link of is left out.
    /// </summary>
    public Task<bool> SendInvitationAsync(string email, string? organizationName, string token, DateTimeOffset issuedAt) =>
        delivery.TrySendAsync(new OutgoingMail(email, "Your SalesBrain account", $"""
            Hello,

            a SalesBrain account was created for you{(MailNames.Of(organizationName) is not { } name ? "" : $" in the organization {name}")}. Your sign-in name is
            this e-mail address. Choose your password here:

            {Link(token)}

            The link works once and expires on {Until(issuedAt + PasswordTokens.InvitationLifetime)}. If it has expired, ask for a new invitation.

            If you did not expect this e-mail, ignore it. The account cannot be used until a password is set.
            """), "invitation");

    /// <summary>To a user who forgot the password.</summary>
    public Task<bool> SendResetAsync(string email, string token, DateTimeOffset issuedAt) =>
        delivery.TrySendAsync(new OutgoingMail(email, "Set a new SalesBrain password", $"""
            Hello,

            we received a request to reset the password of the SalesBrain account with this e-mail address. Set a new password here:

            {Link(token)}

            The link works once and expires on {Until(issuedAt + PasswordTokens.ResetLifetime)}. Setting a new password signs you out on all devices.

            If you did not request this, ignore this e-mail. Your password stays unchanged.
            """), "password_reset");

    private string Link(string token) => $"{portal.Value.BaseUrl.AbsoluteUri.TrimEnd('/')}/set-password#token={token}";

    private static string Until(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
