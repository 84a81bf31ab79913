using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Security;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Agents;

/// <summary>Ends an agent's session here. The session at Genesys goes on.</summary>
public sealed class SignOutAgent(RequestPipeline pipeline, SignOut signOut)
{
    [Function(nameof(SignOutAgent))]
    [Operation("Agents", "Sign out", BodyOptional = true, Description =
        "Ends the session of the refresh token in the body; without one, the session of the access token. The session at Genesys goes on.")]
    [Anyone("anyone with a refresh token or an access token", MayBeSignedIn = true)]
    [Returns(200, typeof(SignedOut))]
    [Problems("unauthorized")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agents/auth/logout")] HttpRequest request) =>
        pipeline.RunAsync<SignOutAgent, SignOutAgentRequest>(
            request, (call, input) => signOut.EndAsync(call, input.RefreshToken, all: false));
}

// A class, not a record: a record's ToString would print the token.
public sealed class SignOutAgentRequest
{
    [StringLength(OpaqueTokens.MaxLength, MinimumLength = 1)]
    public string? RefreshToken { get; init; }
}
