using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Security;

namespace SalesBrain.Functions.Auth;

/// <summary>Exchanges a refresh token for new tokens.</summary>
public sealed class RefreshAccessToken(RequestPipeline pipeline, TokenRefresh refresh)
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
        pipeline.RunAsync<RefreshAccessToken, RefreshRequest>(request, refresh.RefreshAsync);
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
