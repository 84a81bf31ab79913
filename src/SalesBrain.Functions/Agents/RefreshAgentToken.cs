using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Agents;

/// <summary>Exchanges a refresh token for new tokens, as for every user.</summary>
public sealed class RefreshAgentToken(RequestPipeline pipeline, TokenRefresh refresh)
{
    [Function(nameof(RefreshAgentToken))]
    [Operation("Agents", "Exchange a refresh token for new tokens", AcceptsForm = true, Description =
        "The same as /api/v1/auth/refresh: a refresh token works once, and reusing one ends the session, except within 30 seconds.")]
    [Anyone("anyone with a refresh token")]
    [Returns(200, typeof(TokenResponse), Bare = true)]
    [Problems("invalid_refresh_token", "organization_suspended")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agents/auth/refresh")] HttpRequest request) =>
        pipeline.RunAsync<RefreshAgentToken, RefreshRequest>(request, refresh.RefreshAsync);
}
