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

/// <summary>Exchanges a refresh token for new tokens, by the rules in <see cref="RefreshRules"/>.</summary>
public sealed class RefreshAccessToken(
    RequestPipeline pipeline, SalesBrainDatabase database, SessionGuard sessions, IAccessTokens tokens, ILogger<RefreshAccessToken> log)
{
    [Function(nameof(RefreshAccessToken))]
    [Operation("Authentication", "Exchange a refresh token for new tokens", AcceptsForm = true, Description =
        "Accepts JSON or the OAuth 2 form (grant_type=refresh_token). A refresh token works once; store the new one. Reusing a "
        + "token ends the session, except within 30 seconds (a second tab or a retry). A session lasts 14 days after its last "
        + "refresh, and at most 60 days. Other parameters of OAuth 2 clients are ignored.")]
    [Anyone("anyone with a refresh token")]
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

// A class, not a record: a record's ToString would print the token.
[IgnoresUnknownMembers]
public sealed class RefreshRequest
{
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public required string RefreshToken { get; init; }

    /// <summary>If sent, it must be <c>refresh_token</c>.</summary>
    [AllowedValues("refresh_token")]
    public string GrantType { get; init; } = "refresh_token";
}
