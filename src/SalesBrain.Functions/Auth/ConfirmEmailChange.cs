using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Security;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Makes a user's new e-mail address count, with the token of the link that was mailed to it.</summary>
public sealed class ConfirmEmailChange(RequestPipeline pipeline, SalesBrainDatabase database)
{
    [Function(nameof(ConfirmEmailChange))]
    [Operation("Authentication", "Confirm a new e-mail address with an e-mailed token", Description =
        "From now on the user signs in with the new address, and password reset e-mails go to it. A token works once, for 24 "
        + "hours. Links to set a password that went to the old address stop working.")]
    [Anyone("anyone with the token of an e-mailed link")]
    [Returns(200, typeof(EmailConfirmed))]
    [Problems("email_link_invalid", "already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/email-change/confirm")] HttpRequest request) =>
        pipeline.RunAsync<ConfirmEmailChange, ConfirmEmailRequest>(request, ConfirmAsync);

    private async Task<IResult> ConfirmAsync(Call call, ConfirmEmailRequest input)
    {
        var shown = await EmailChanges.OpenAsync(database.AutoCommitPlatform(), input.Token, call.CancellationToken);
        if (shown?.Works(call.Now.UtcDateTime) != true)
        {
            return Problems.EmailLinkInvalid;
        }
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        // The user first, then the change, as in every other change of them.
        var user = await SignInAccounts.LockSignInAsync(session, shown.UserId, call.CancellationToken);
        var change = await EmailChanges.OpenAsync(session, input.Token, call.CancellationToken);
        if (user is null || change?.Works(call.Now.UtcDateTime) != true)
        {
            return Problems.EmailLinkInvalid;
        }
        await EmailChanges.ConfirmAsync(session, change, call.Now.UtcDateTime, call.CancellationToken);
        await PasswordTokens.UseAllAsync(session, user.Id, call.Now.UtcDateTime, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.email_changed", "user", user.Id, user.OrganizationId, user.Id, user.Role, call.Now, call.RemoteAddress,
            new { before = new { email = user.Email }, after = new { email = change.Email } }), call.CancellationToken);
        await session.CommitAsync();
        return ApiResults.Ok(new EmailConfirmed { Email = change.Email });
    }
}

// A class, not a record: a record's ToString would print the token.
public sealed class ConfirmEmailRequest
{
    /// <summary>The value after <c>#token=</c> in the link.</summary>
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public required string Token { get; init; }
}

public sealed record EmailConfirmed
{
    /// <summary>The e-mail address to sign in with from now on.</summary>
    public required string Email { get; init; }
}
