using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Agents;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Sessions;
using SalesBrain.Integrations.Genesys;

namespace SalesBrain.Functions.Agents;

/// <summary>
/// Where Genesys sends the browser back to: finds out who signed in, makes their account at the first time, and returns to the portal.
/// </summary>
public sealed class CompleteAgentSignIn(
    RequestPipeline pipeline, SalesBrainDatabase database, SignInStates states, SignInBrowser browser, GenesysClient genesys,
    AgentAccounts accounts, SignInMetrics metrics, ILogger<CompleteAgentSignIn> log)
{
    [Function(nameof(CompleteAgentSignIn))]
    [Operation("Agents", "Return from Genesys Cloud", Description =
        "Only Genesys sends the browser here. Redirects to the portal with a code parameter, which is valid once, for a minute.")]
    [Anyone("browsers that Genesys sends back")]
    [Returns(302)]
    [Problems(
        "invalid_state", "genesys_refused", "genesys_unavailable", "agent_refused", "user_of_another_organization", "tenant_not_found",
        "organization_suspended")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agents/auth/callback")] HttpRequest request) =>
        pipeline.RunAsync<CompleteAgentSignIn, CompleteAgentSignInRequest>(request, async (call, input) =>
        {
            var result = await CompleteAsync(call, input);
            if (result is Problem problem)
            {
                metrics.Failed(problem.Code);
            }
            return result;
        });

    private async Task<IResult> CompleteAsync(Call call, CompleteAgentSignInRequest input)
    {
        if (input.State is not { } text || browser.Find(call.Request) is not { } secret
            || states.Read(text, secret, call.Now) is not { } state)
        {
            return Problems.InvalidState;
        }
        // In a transaction of its own: however the sign-in ends, its state is used.
        if (!await GenesysSignIns.TryUseStateAsync(
            database.AutoCommitPlatform(), text, state.Region, (state.BeganAt + SignInStates.Lifetime).UtcDateTime, call.CancellationToken))
        {
            return Problems.InvalidState;
        }
        if (input.Code is not { } code)
        {
            return Problems.GenesysRefused;
        }
        GenesysIdentity who;
        try
        {
            // The token is only used to ask who it belongs to, and kept nowhere.
            var token = await genesys.ExchangeCodeAsync(
                state.Region, code, SignInStates.VerifierOf(text, secret), browser.Callback, call.CancellationToken);
            who = await genesys.GetMeAsync(state.Region, token, call.CancellationToken);
        }
        catch (GenesysException e)
        {
            log.LogWarning("Sign-in with Genesys in {Region} failed: {Reason}", state.Region, e.Message);
            return e.IsRefusal ? Problems.GenesysRefused : Problems.GenesysUnavailable;
        }
        var (signInCode, problem) = await accounts.SignInAsync(call, text, state.Region, who);
        return problem is not null
            ? problem
            : ApiResults.Redirect(new Uri(QueryHelpers.AddQueryString(state.Redirect, "code", signInCode!)));
    }
}

[IgnoresUnknownMembers]
public sealed class CompleteAgentSignInRequest
{
    /// <summary>Proves that the person signed in at Genesys. Absent if Genesys refused.</summary>
    [StringLength(4000)]
    [Verbatim]
    public string? Code { get; init; }

    /// <summary>What the sign-in began with.</summary>
    [StringLength(SignInStates.MaxLength)]
    [Verbatim]
    public string? State { get; init; }
}
