using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Agents;

/// <summary>Ends all sessions of an agent here, on every device.</summary>
public sealed class SignOutAgentEverywhere(RequestPipeline pipeline, SignOut signOut)
{
    [Function(nameof(SignOutAgentEverywhere))]
    [Operation("Agents", "Sign out on every device", BodyOptional = true, Description =
        "Ends every session of the user of the refresh token in the body; without one, of the user of the access token.")]
    [Anyone("anyone with a refresh token or an access token", MayBeSignedIn = true)]
    [Returns(200, typeof(SignedOut))]
    [Problems("unauthorized")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agents/auth/logout-all")] HttpRequest request) =>
        pipeline.RunAsync<SignOutAgentEverywhere, SignOutAgentRequest>(
            request, (call, input) => signOut.EndAsync(call, input.RefreshToken, all: true));
}
