using SalesBrain.Core.Access;
using SalesBrain.Data.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Ends a session, or all sessions of its user.</summary>
public sealed class SignOut(SalesBrainDatabase database, SessionGuard sessions)
{
    /// <param name="call">The request, which may have an access token.</param>
    /// <param name="refreshToken">The refresh token of the session; null = the access token's session.</param>
    /// <param name="all">End all sessions of the user.</param>
    internal async Task<IResult> EndAsync(Call call, string? refreshToken, bool all)
    {
        var caller = await call.FindCallerAsync();
        if (caller is null && refreshToken is null)
        {
            return Problems.Unauthorized;
        }
        // Ending all sessions locks them by id, so the presented one must not be locked before.
        var known = all
            ? await FindAsync(database.AutoCommitPlatform(), refreshToken, caller, call.Now.UtcDateTime, call.CancellationToken)
            : null;
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        if ((all ? known : await FindAsync(session, refreshToken, caller, call.Now.UtcDateTime, call.CancellationToken)) is not { } shown)
        {
            return ApiResults.Ok(new SignedOut { SessionsEnded = 0 });
        }
        var ended = all
            ? await UserSessions.EndAllAsync(session, shown.UserId, null, call.Now.UtcDateTime, call.CancellationToken)
            : await UserSessions.EndAsync(session, shown.SessionId, call.Now.UtcDateTime, call.CancellationToken);
        if (ended > 0)
        {
            await AuditLog.WriteAsync(session, new AuditEntry(
                "user.signed_out", "user", shown.UserId, shown.OrganizationId, shown.UserId, shown.Role.Name(), call.Now,
                call.RemoteAddress, new { sessions_ended = ended }), call.CancellationToken);
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
