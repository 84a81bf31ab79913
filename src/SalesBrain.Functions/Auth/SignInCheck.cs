using System.Net;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// Checks a password, with lockout. It does not reveal whether the account exists: the statements are the same, and a hash is computed in
/// both cases.
/// </summary>
public sealed class SignInCheck(SalesBrainDatabase database, Passwords passwords, SignInMetrics metrics, TimeProvider clock)
{
    /// <summary>The problem of a request that needs the current password and has another one.</summary>
    internal static Problem WrongPassword => Problems.InvalidMember("current_password", "is not the current password");

    /// <summary>
    /// The result is "wrong" for every user who cannot sign in. Only a suspended organization is left to the caller to check.
    /// </summary>
    public async Task<CheckedSignIn> CheckAsync(string emailNorm, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var result = await TryAsync(emailNorm, password, address, cancellationToken);
        if (result.User is null)
        {
            metrics.Failed(result.Refusal?.Code ?? SignInMetrics.InvalidCredentials);
        }
        return result;
    }

    private async Task<CheckedSignIn> TryAsync(string emailNorm, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var subject = new AttemptSubject(emailNorm, address);
        // Needed for a place in the queue; a look-up only, because every attempt that arrives makes it.
        var organizationId = await SignInAccounts.FindOrganizationAsync(database.ReadPlatform(), emailNorm, cancellationToken);
        // An account has one turn at a time: each of many concurrent guesses sees the failures of those before it.
        using var turn = await passwords.TakeTurnAsync(subject.KeysOf(organizationId), cancellationToken);
        if (turn is null)
        {
            return new CheckedSignIn { IsBusy = true };
        }
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var (wait, user) = await SignInAttempts.AdmitAsync(session, subject, emailNorm, now, cancellationToken);
        if (wait is not null)
        {
            return new CheckedSignIn { WaitSeconds = wait };
        }
        var verified = turn.Verify(user?.PasswordHash, password);
        if (user is null || verified == PasswordCheck.Wrong || user.Status != "active")
        {
            await SignInAttempts.RecordFailureAsync(session, subject, user, address, clock.GetUtcNow(), cancellationToken);
            return new CheckedSignIn();
        }
        return new CheckedSignIn
        {
            User = user,
            PasswordHash = verified == PasswordCheck.RightButOutdated ? turn.Hash(password) : user.PasswordHash,
        };
    }
}

/// <summary>The result: a user, no user, or a reason to try again later.</summary>
// A class, not a record: a record's ToString would print the hashes.
public sealed class CheckedSignIn
{
    /// <summary>The user with this password.</summary>
    public SignInRow? User { get; init; }

    /// <summary>The hash to keep from now on: the one there was, or one by today's parameters.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The password was not looked at: too many attempts failed.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>The password was not looked at: too many others wait.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Why the password was not looked at; null if it was.</summary>
    public Problem? Refusal => IsBusy ? Problems.PasswordChecksBusy
        : WaitSeconds is { } seconds ? Problems.TooManyAttempts with { RetryAfterSeconds = seconds }
        : null;

    /// <summary>
    /// Whether the user, read again under a lock, is unchanged since the password check. A password change in between has ended all
    /// sessions.
    /// </summary>
    public bool StillHolds(SignInRow? locked) =>
        locked is not null && locked.PasswordHash == User?.PasswordHash && locked.Status == "active";
}
