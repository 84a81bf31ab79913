using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Security;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Agents;

/// <summary>Exchanges the code with which a sign-in returned to the portal for tokens.</summary>
public sealed class ExchangeAgentSignInCode(RequestPipeline pipeline, SalesBrainDatabase database, IAccessTokens tokens)
{
    [Function(nameof(ExchangeAgentSignInCode))]
    [Operation("Agents", "Exchange a sign-in code for tokens", AcceptsForm = true, Description =
        "Accepts JSON or the OAuth 2 form (grant_type=authorization_code). A code works once, for a minute. Send the access token as "
        + "Authorization: Bearer, and exchange the refresh token before it expires. Other parameters of OAuth 2 clients are ignored.")]
    [Anyone("anyone with a sign-in code")]
    [Returns(200, typeof(TokenResponse), Bare = true)]
    [Problems("invalid_sign_in_code", "organization_suspended")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agents/auth/token")] HttpRequest request) =>
        pipeline.RunAsync<ExchangeAgentSignInCode, SignInCodeRequest>(request, ExchangeAsync);

    private async Task<IResult> ExchangeAsync(Call call, SignInCodeRequest input)
    {
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        if (await GenesysSignIns.UseCodeAsync(session, input.Code, call.Now.UtcDateTime, call.CancellationToken) is not { } used)
        {
            return Problems.InvalidSignInCode;
        }
        // Since Genesys sent the browser back, the user or the organization may have been disabled, and the tenant mapped to another
        // Genesys organization.
        var user = await SignInAccounts.LockSignInAsync(session, used.UserId, call.CancellationToken);
        if (user is not { Status: "active", OrganizationId: { } organizationId } || !Roles.TryParse(user.Role, out var role))
        {
            return Problems.InvalidSignInCode;
        }
        if (!await GenesysSessions.HoldMappingAsync(session, organizationId, user.Id, used.Region, call.CancellationToken))
        {
            return Problems.InvalidSignInCode;
        }
        if (user.OrganizationStatus == "suspended")
        {
            return Problems.OrganizationSuspended;
        }
        var (sessionId, refreshToken) = await RefreshTokens.BeginAsync(
            session, user.Id, organizationId, DeviceLabel.Of(call.Request), call.Now, call.CancellationToken);
        await GenesysUsers.RecordSignInAsync(
            session, organizationId, user.Id, sessionId, used.Region, call.Now.UtcDateTime, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.signed_in", "user", user.Id, organizationId, user.Id, role.Name(), call.Now, call.RemoteAddress,
            new { genesys_region = used.Region }), call.CancellationToken);
        await session.CommitAsync();

        var (accessToken, expiresIn) = TokenResponse.Issue(
            tokens, new AccessTokenClaims(user.Id, role, sessionId, organizationId, user.AgencyId, user.ClientId), call.Now);
        return ApiResults.Bare(new TokenResponse { AccessToken = accessToken, ExpiresIn = expiresIn, RefreshToken = refreshToken });
    }
}

// A class, not a record: a record's ToString would print the code.
[IgnoresUnknownMembers]
public sealed class SignInCodeRequest
{
    /// <summary>The <c>code</c> parameter with which the sign-in returned.</summary>
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    [Verbatim]
    public required string Code { get; init; }

    /// <summary>If sent, it must be <c>authorization_code</c>.</summary>
    [AllowedValues("authorization_code")]
    public string GrantType { get; init; } = "authorization_code";
}
