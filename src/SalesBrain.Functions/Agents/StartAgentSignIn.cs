using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Agents;
using SalesBrain.Integrations.Genesys;

namespace SalesBrain.Functions.Agents;

/// <summary>Sends an agent's browser to Genesys to sign in.</summary>
public sealed class StartAgentSignIn(
    RequestPipeline pipeline, SignInStates states, SignInBrowser browser, GenesysClient genesys, IOptions<AgentPortalOptions> options)
{
    [Function(nameof(StartAgentSignIn))]
    [Operation("Agents", "Sign in with Genesys Cloud", Description =
        "Open it in the browser. It redirects to the sign-in page of the Genesys region. The sign-in must be completed in the same browser "
        + "within 10 minutes. It then returns to redirect with a code parameter, which the token endpoint exchanges.")]
    [Anyone("anyone with an account in a mapped Genesys organization")]
    [Returns(302)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agents/auth/login")] HttpRequest request) =>
        pipeline.RunAsync<StartAgentSignIn, StartAgentSignInRequest>(request, (call, input) => Task.FromResult(Start(call, input)));

    private IResult Start(Call call, StartAgentSignInRequest input)
    {
        var errors = new InputErrors();
        if (!options.Value.Genesys.Clients.ContainsKey(input.Region))
        {
            var regions = options.Value.Genesys.Regions;
            errors.Add(
                "region",
                regions.Count == 0
                    ? "cannot be chosen: sign-in with Genesys is not configured"
                    : $"must be one of {string.Join(", ", regions)}");
        }
        if (!TryReadRedirect(input.Redirect, out var redirect))
        {
            errors.Add("redirect", "must be a URL of the agent portal");
        }
        else if (redirect.AbsoluteUri.Length > SignInStates.MaxRedirect)
        {
            errors.Add("redirect", $"must be at most {SignInStates.MaxRedirect} characters, percent-encoded");
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        var secret = browser.Ensure(call.Request);
        var state = states.Create(new SignInState(input.Region, redirect.AbsoluteUri, call.Now), secret);
        var challenge = SignInStates.ChallengeOf(SignInStates.VerifierOf(state, secret));
        return ApiResults.Redirect(genesys.AuthorizeUrl(input.Region, browser.Callback, state, challenge));
    }

    private bool TryReadRedirect(string? text, out Uri redirect)
    {
        redirect = options.Value.DefaultRedirect;
        if (text is null)
        {
            return true;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !options.Value.MayReturnTo(url))
        {
            return false;
        }
        redirect = url;
        return true;
    }
}

public sealed record StartAgentSignInRequest
{
    /// <summary>The Genesys region, by the name of its AWS region.</summary>
    [StringLength(40)]
    public required string Region { get; init; }

    /// <summary>Where to return to: a URL of a configured portal. Without it, the portal's base URL.</summary>
    [StringLength(SignInStates.MaxRedirect)]
    public string? Redirect { get; init; }
}
