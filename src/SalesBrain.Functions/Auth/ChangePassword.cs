using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Values;
using SalesBrain.Data.Access;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Changes the password of the signed-in user, who must know the current one.</summary>
public sealed class ChangePassword(
    RequestPipeline pipeline, SalesBrainDatabase database, SignInCheck check, Passwords passwords, SessionGuard sessions)
{
    [Function(nameof(ChangePassword))]
    [Operation("Authentication", "Change the password", Description =
        "Ends all other sessions of the user; the current session continues. Cancels a change of the e-mail address that the "
        + "user requested and has not confirmed. A wrong current password counts as a failed sign-in. A password must have 12 to 256 characters and must not be one of the 10,000 most common passwords.")]
    [SignedIn]
    [Returns(200, typeof(PasswordChanged))]
    [Problems("too_many_attempts", "password_checks_busy")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/auth/password")] HttpRequest request) =>
        pipeline.RunAsync<ChangePassword, ChangePasswordRequest>(request, ChangeAsync);

    private async Task<IResult> ChangeAsync(Call call, ChangePasswordRequest input)
    {
        if (PasswordRules.Problem(input.NewPassword) is { } problem)
        {
            return Problems.InvalidMember("new_password", problem);
        }
        var caller = call.Caller;
        var email = await SignInAccounts.FindEmailNormAsync(database.ReadPlatform(), caller.UserId, call.CancellationToken);
        // Cannot be null in practice: the request pipeline has just found the user.
        var checkedSignIn = await check.CheckAsync(email ?? "", input.CurrentPassword, call.RemoteAddress, call.CancellationToken);
        if (checkedSignIn.Refusal is { } refusal)
        {
            return refusal;
        }
        if (checkedSignIn.User is null)
        {
            return SignInCheck.WrongPassword;
        }
        var subject = new AttemptSubject(email!, call.RemoteAddress);
        if (await passwords.HashAsync(input.NewPassword, subject.KeysOf(caller.OrganizationId), call.CancellationToken) is not { } hash)
        {
            return Problems.PasswordChecksBusy;
        }

        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        if (!checkedSignIn.StillHolds(await SignInAccounts.LockSignInAsync(session, caller.UserId, call.CancellationToken)))
        {
            return SignInCheck.WrongPassword;
        }
        await SignInAccounts.SetPasswordHashAsync(session, caller.UserId, hash, call.Now.UtcDateTime, call.CancellationToken);
        await PasswordTokens.UseAllAsync(session, caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
        await EmailChanges.CancelOwnAsync(session, caller.UserId, call.CancellationToken);
        await SignInAttempts.ForgiveAsync(session, subject, call.CancellationToken);
        var ended = await UserSessions.EndAllAsync(session, caller.UserId, caller.SessionId, call.Now.UtcDateTime, call.CancellationToken);
        await call.AuditAsync(
            session, "user.password_changed", "user", caller.UserId, caller.OrganizationId, new { sessions_ended = ended });
        await session.CommitAsync();
        sessions.Forget(caller.UserId);
        return ApiResults.Ok(new PasswordChanged { SessionsEnded = ended });
    }
}

// A class, not a record: a record's ToString would print the passwords.
public sealed class ChangePasswordRequest
{
    [StringLength(1024)]
    [Verbatim]
    public required string CurrentPassword { get; init; }

    /// <summary>12 to 256 characters, not one of the 10,000 most common passwords.</summary>
    [Accepts(MinLength = PasswordRules.MinLength, MaxLength = PasswordRules.MaxLength)]
    [StringLength(1024)]
    [Verbatim]
    public required string NewPassword { get; init; }
}

public sealed record PasswordChanged
{
    /// <summary>Number of other sessions of the user that were ended.</summary>
    public required int SessionsEnded { get; init; }
}
