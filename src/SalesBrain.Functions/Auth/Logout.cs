using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Security;

namespace SalesBrain.Functions.Auth;

/// <summary>Ends a session, or all sessions of its user, for whoever shows one of its tokens.</summary>
public sealed class Logout(RequestPipeline pipeline, SignOut signOut)
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
        pipeline.RunAsync<Logout, LogoutRequest>(request, (call, input) => signOut.EndAsync(call, input.RefreshToken, input.All));
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
