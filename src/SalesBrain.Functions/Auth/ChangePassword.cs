using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Auditing;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Auth;

/// <summary>Changes the password of whoever is signed in and knows it.</summary>
public sealed class ChangePassword(
    FrontDoor frontDoor, SalesBrainDatabase database, SignInCheck check, Passwords passwords, SessionGuard sessions, TimeProvider clock)
{
    [Function(nameof(ChangePassword))]
    [Endpoint("Authentication", "Changes the password",
        Description = "Ends all other sessions of the user; this one goes on. Wrong current passwords count as failed sign-ins. A password has 12 to 256 "
            + "characters and is none of the 10,000 most common ones.")]
    [SignedIn]
    [Answers(200, typeof(PasswordChanged))]
    [Problems("too_many_attempts")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/auth/password")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ChangePassword, ChangePasswordRequest>(request, ChangeAsync, cancellationToken);

    private async Task<IResult> ChangeAsync(Call call, ChangePasswordRequest input, CancellationToken cancellationToken)
    {
        if (PasswordRules.Problem(input.NewPassword) is { } problem)
        {
            return Problems.InvalidMember("new_password", problem);
        }
        var caller = call.Caller;
        var email = await Users.FindEmailNormAsync(database.ReadPlatform(), caller.UserId, cancellationToken);
        // Nobody's spelling: the user was there when the front door looked.
        var checkedSignIn = await check.CheckAsync(email ?? "", input.CurrentPassword, call.RemoteAddress, cancellationToken);
        if (checkedSignIn.WaitSeconds is { } seconds)
        {
            return Problems.TooManyAttempts with { RetryAfterSeconds = seconds };
        }
        if (checkedSignIn.User is null)
        {
            return WrongPassword;
        }
        var hash = await passwords.HashAsync(input.NewPassword, cancellationToken);

        var now = clock.GetUtcNow();
        await using var session = await database.WritePlatformAsync(cancellationToken);
        if (!checkedSignIn.StillHolds(await Users.LockSignInAsync(session, caller.UserId, cancellationToken)))
        {
            return WrongPassword;
        }
        await Users.SetPasswordHashAsync(session, caller.UserId, hash, now.UtcDateTime, cancellationToken);
        await PasswordTokens.UseAllAsync(session, caller.UserId, now.UtcDateTime, cancellationToken);
        await SignInAttempts.ForgiveAsync(session, new AttemptSubject(email!, call.RemoteAddress), cancellationToken);
        var ended = await UserSessions.EndAllAsync(session, caller.UserId, caller.SessionId, now.UtcDateTime, cancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.password_changed", "user", caller.UserId, caller.OrganizationId, caller.UserId, caller.Role.Name(), now, call.RemoteAddress,
            new { sessions_ended = ended }), cancellationToken);
        await session.CommitAsync();
        sessions.Forget(caller.UserId);
        return Answer.Ok(new PasswordChanged { SessionsEnded = ended });
    }

    private static Problem WrongPassword => Problems.InvalidMember("current_password", "is not the current password");
}

/// <summary>A class, not a record: a record's <c>ToString</c> would print the passwords.</summary>
public sealed class ChangePasswordRequest
{
    [StringLength(1024)]
    public required string CurrentPassword { get; init; }

    /// <summary>12 to 256 characters; none of the 10,000 most common passwords.</summary>
    [StringLength(1024)]
    public required string NewPassword { get; init; }
}

public sealed record PasswordChanged
{
    /// <summary>Other sessions of the user, which are signed out now.</summary>
    public required int SessionsEnded { get; init; }
}
