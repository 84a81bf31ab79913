using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Security;
using SalesBrain.Data.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Ends a session, or all sessions of its user, for whoever shows one of its tokens.</summary>
public sealed class Logout(RequestPipeline pipeline, SalesBrainDatabase database, SessionGuard sessions)
{
    [Function(nameof(Logout))]
    [Operation("Authentication", "Sign out", BodyOptional = true, Description =
        "Ends the session of the refresh token in the body; without one, the session of the access token. With all, ends every "
        + "session of that user. An unknown or expired refresh token is not an error: zero sessions are ended.")]
    [Anyone("anyone with a refresh token or an access token", MayBeSignedIn = true)]
    [Returns(200, typeof(SignedOut))]
    [Problems("unauthorized")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/logout")] HttpRequest request) =>
        pipeline.RunAsync<Logout, LogoutRequest>(request, SignOutAsync);

    private async Task<IResult> SignOutAsync(Call call, LogoutRequest input)
    {
        var caller = await call.FindCallerAsync();
        if (caller is null && input.RefreshToken is null)
        {
            return Problems.Unauthorized;
        }
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        if (await FindAsync(session, input.RefreshToken, caller, call.Now.UtcDateTime, call.CancellationToken) is not { } shown)
        {
            return ApiResults.Ok(new SignedOut { SessionsEnded = 0 });
        }
        var ended = input.All
            ? await UserSessions.EndAllAsync(session, shown.UserId, null, call.Now.UtcDateTime, call.CancellationToken)
            : await UserSessions.EndAsync(session, shown.SessionId, call.Now.UtcDateTime, call.CancellationToken);
        if (ended > 0)
        {
            await AuditLog.WriteAsync(session, new AuditEntry(
                "user.signed_out", "user", shown.UserId, shown.OrganizationId, shown.UserId, shown.Role.Name(), call.Now, call.RemoteAddress,
                new { sessions_ended = ended }), call.CancellationToken);
        }
        await session.CommitAsync();
        sessions.Forget(shown.UserId);
        return ApiResults.Ok(new SignedOut { SessionsEnded = ended });
    }

    /// <summary>
    /// The session of the presented token. The refresh token has priority, because the access token can be old or belong to another
    /// session.
    /// </summary>
    private static async Task<Caller?> FindAsync(
        PlatformSession session, string? refreshToken, Caller? caller, DateTime now, CancellationToken cancellationToken)
    {
        var token = refreshToken is null ? null : await RefreshTokens.OpenAsync(session, refreshToken, cancellationToken);
        return token is not null && token.FamilyRevokedAt is null && token.ExpiresAt > now && Roles.TryParse(token.Role, out var role)
            ? new Caller(token.UserId, role, token.OrganizationId, token.AgencyId, token.ClientId, token.FamilyId)
            : caller;
    }
}

// A class, not a record: a record's ToString would print the token.
public sealed class LogoutRequest
{
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public string? RefreshToken { get; init; }

    /// <summary>End all sessions of the user, on every device.</summary>
    public bool All { get; init; }
}

public sealed record SignedOut
{
    public required int SessionsEnded { get; init; }
}
