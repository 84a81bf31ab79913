using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Data.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Sets a password with the token of an e-mailed link, after a reset request or an invitation.</summary>
public sealed class ConfirmPasswordReset(
    RequestPipeline pipeline, SalesBrainDatabase database, Passwords passwords, SessionGuard sessions)
{
    [Function(nameof(ConfirmPasswordReset))]
    [Operation("Authentication", "Set a password with an e-mailed token", Description =
        "Accepts tokens of reset links (valid for 45 minutes) and of invitations (valid for 7 days; the user becomes active). A "
        + "token works once. Setting the password ends all sessions of the user, lifts a lockout, and cancels a change of the "
        + "e-mail address that the user requested and has not confirmed. Sign in with the new password afterwards.")]
    [Anyone("anyone with the token of an e-mailed link")]
    [Returns(200, typeof(PasswordSet))]
    [Problems("password_link_invalid", "password_checks_busy")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/password-reset/confirm")] HttpRequest request) =>
        pipeline.RunAsync<ConfirmPasswordReset, SetPasswordRequest>(request, SetAsync);

    private async Task<IResult> SetAsync(Call call, SetPasswordRequest input)
    {
        if (PasswordRules.Problem(input.NewPassword) is { } problem)
        {
            return Problems.InvalidMember("new_password", problem);
        }
        // Checked first, because computing a hash for every guessed token is too expensive.
        var shown = await PasswordTokens.OpenAsync(database.AutoCommitPlatform(), input.Token, call.CancellationToken);
        if (shown?.Works(call.Now.UtcDateTime) != true)
        {
            return Problems.PasswordLinkInvalid;
        }
        var keys = new AttemptSubject($"{shown.UserId}", call.RemoteAddress).KeysOf(shown.OrganizationId);
        if (await passwords.HashAsync(input.NewPassword, keys, call.CancellationToken) is not { } hash)
        {
            return Problems.PasswordChecksBusy;
        }

        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var user = await SignInAccounts.LockSignInAsync(session, shown.UserId, call.CancellationToken);
        var token = await PasswordTokens.OpenAsync(session, input.Token, call.CancellationToken);
        if (user is null || token?.Works(call.Now.UtcDateTime) != true)
        {
            return Problems.PasswordLinkInvalid;
        }
        await SignInAccounts.SetPasswordHashAsync(session, user.Id, hash, call.Now.UtcDateTime, call.CancellationToken);
        await PasswordTokens.UseAllAsync(session, user.Id, call.Now.UtcDateTime, call.CancellationToken);
        await EmailChanges.CancelOwnAsync(session, user.Id, call.CancellationToken);
        await SignInAttempts.ForgiveAsync(
            session, new AttemptSubject(Emails.Normalize(user.Email), call.RemoteAddress), call.CancellationToken);
        var ended = await UserSessions.EndAllAsync(session, user.Id, null, call.Now.UtcDateTime, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            token.Purpose == "invitation" ? "user.invitation_accepted" : "user.password_reset",
            "user", user.Id, user.OrganizationId, user.Id, user.Role, call.Now, call.RemoteAddress,
            new { sessions_ended = ended }), call.CancellationToken);
        await session.CommitAsync();
        sessions.Forget(user.Id);
        return ApiResults.Ok(new PasswordSet { Email = user.Email });
    }
}

// A class, not a record: a record's ToString would print the token and the password.
public sealed class SetPasswordRequest
{
    /// <summary>The value after <c>#token=</c> in the link.</summary>
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public required string Token { get; init; }

    /// <summary>12 to 256 characters, not one of the 10,000 most common passwords.</summary>
    [Accepts(MinLength = PasswordRules.MinLength, MaxLength = PasswordRules.MaxLength)]
    [StringLength(1024)]
    [Verbatim]
    public required string NewPassword { get; init; }
}

public sealed record PasswordSet
{
    /// <summary>The e-mail address to sign in with.</summary>
    public required string Email { get; init; }
}
