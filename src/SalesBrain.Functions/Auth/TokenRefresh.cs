using Microsoft.Extensions.Logging;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Data.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Exchanges refresh tokens for new tokens, by the rules in <see cref="RefreshRules"/>.</summary>
public sealed class TokenRefresh(SalesBrainDatabase database, SessionGuard sessions, IAccessTokens tokens, ILogger<TokenRefresh> log)
{
    /// <summary>The new tokens, or the problem.</summary>
    internal async Task<IResult> RefreshAsync(Call call, RefreshRequest input)
    {
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var token = await RefreshTokens.OpenAsync(session, input.RefreshToken, call.CancellationToken);
        var decision = RefreshRules.Decide(token, call.Now.UtcDateTime);
        if (decision == RefreshDecision.EndSession)
        {
            await EndAsync(session, call, token!);
            return Problems.InvalidRefreshToken;
        }
        if (decision == RefreshDecision.Refuse || !Roles.TryParse(token!.Role, out var role))
        {
            return Problems.InvalidRefreshToken;
        }
        if (token.OrganizationStatus == "suspended")
        {
            return Problems.OrganizationSuspended;
        }
        var child = await RefreshTokens.ExchangeAsync(session, token, DeviceLabel.Of(call.Request), call.Now, call.CancellationToken);
        await session.CommitAsync();

        // The user's current role and scope, which may differ from the last access token's.
        var claims = new AccessTokenClaims(token.UserId, role, token.FamilyId, token.OrganizationId, token.AgencyId, token.ClientId);
        var (accessToken, expiresIn) = TokenResponse.Issue(tokens, claims, call.Now);
        return ApiResults.Bare(new TokenResponse { AccessToken = accessToken, ExpiresIn = expiresIn, RefreshToken = child });
    }

    private async Task EndAsync(PlatformSession session, Call call, RefreshTokenRow token)
    {
        await UserSessions.EndAsync(session, token.FamilyId, call.Now.UtcDateTime, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.refresh_token_reused", "user", token.UserId, token.OrganizationId, null, null, call.Now, call.RemoteAddress,
            new { session_id = token.FamilyId }), call.CancellationToken);
        await session.CommitAsync();
        sessions.Forget(token.UserId);
        log.LogWarning("A refresh token of user {UserId} was used twice; session {SessionId} is ended", token.UserId, token.FamilyId);
    }
}
