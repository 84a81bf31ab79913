using System.Globalization;
using Microsoft.Extensions.Options;
using SalesBrain.Data.Auth;
using SalesBrain.Functions.Mail;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// The mails with a link to set a password. The portal's page reads the token behind the <c>#</c>, which browsers send to no server, and calls
/// <c>POST /api/v1/auth/password-reset/confirm</c>. Send after the commit that made the token; false means that it has to be sent again.
/// </summary>
public sealed class SetPasswordMails(MailDelivery delivery, IOptions<PortalOptions> portal)
{
    /// <summary>To a new user, with the token of <see cref="PasswordTokens.IssueInvitationAsync"/>; the organization's name is null for a platform operator.</summary>
    public Task<bool> SendInvitationAsync(string email, string? organizationName, string token, DateTimeOffset issuedAt) =>
        delivery.TrySendAsync(new OutgoingMail(email, "Your SalesBrain account", $"""
            Hello,

            you have been given a SalesBrain account{(organizationName is null ? "" : $" in the organization {OneLine(organizationName)}")}. You sign in with
            this mail address. Choose your password here:

            {Link(token)}

            The link works once, until {Until(issuedAt + PasswordTokens.InvitationLifetime)}. After that, ask for a new one.

            If this mail means nothing to you, do nothing: without a password nobody can use the account.
            """), "invitation");

    /// <summary>To a user who forgot the password.</summary>
    public Task<bool> SendResetAsync(string email, string token, DateTimeOffset issuedAt) =>
        delivery.TrySendAsync(new OutgoingMail(email, "Set a new SalesBrain password", $"""
            Hello,

            somebody, probably you, asked to set a new password for the SalesBrain account with this mail address. Do it here:

            {Link(token)}

            The link works once, until {Until(issuedAt + PasswordTokens.ResetLifetime)}. Setting the password signs you out everywhere.

            If it wasn't you, do nothing: your password stays as it is.
            """), "password_reset");

    private string Link(string token) => $"{portal.Value.BaseUrl.AbsoluteUri.TrimEnd('/')}/set-password#token={token}";

    private static string Until(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A name that brings lines of its own could pass them off as ours.</summary>
    private static string OneLine(string name) => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
