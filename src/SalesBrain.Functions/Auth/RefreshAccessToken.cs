using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Data.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Exchanges a refresh token for new tokens, for whoever is signed in. What each is worth: <see cref="RefreshRules"/>.</summary>
public sealed class RefreshAccessToken(
    RequestPipeline pipeline, SalesBrainDatabase database, SessionGuard sessions, IAccessTokens tokens, ILogger<RefreshAccessToken> log)
{
    [Function(nameof(RefreshAccessToken))]
    [Operation("Authentication", "Exchanges a refresh token for new tokens", AcceptsForm = true,
        Description = "Takes JSON, or the OAuth 2 form (grant_type=refresh_token). Each refresh token is used once: keep the new one. Using one again "
            + "ends the session, except within 30 seconds, as a second tab or a retry may. A session lasts 14 days after its last refresh, and at most 60 days.")]
    [Anyone("whoever has a refresh token")]
    [Returns(200, typeof(TokenResponse), Bare = true)]
    [Problems("invalid_refresh_token", "organization_suspended")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/refresh")] HttpRequest request) =>
        pipeline.RunAsync<RefreshAccessToken, RefreshRequest>(request, RefreshAsync);

    private async Task<IResult> RefreshAsync(Call call, RefreshRequest input)
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

        // What the user is now, which the last access token may not say any more.
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

/// <summary>A class, not a record: a record's <c>ToString</c> would print the token.</summary>
public sealed class RefreshRequest
{
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public required string RefreshToken { get; init; }

    /// <summary>Only <c>refresh_token</c>, where a client sends it.</summary>
    [AllowedValues("refresh_token")]
    public string GrantType { get; init; } = "refresh_token";

    /// <summary>OAuth 2 clients may send it; it has no meaning here.</summary>
    public string? Scope { get; init; }
}
