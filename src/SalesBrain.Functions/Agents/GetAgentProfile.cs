using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Auth;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Conversations;

namespace SalesBrain.Functions.Agents;

/// <summary>Shows the signed-in agent, their organization and their capabilities.</summary>
public sealed class GetAgentProfile(RequestPipeline pipeline, Attendance attendance)
{
    [Function(nameof(GetAgentProfile))]
    [Operation("Agents", "Get the signed-in agent", Description =
        "genesys is null for users who do not sign in with Genesys. An agent who asks for it counts as present for three minutes.")]
    [SignedIn]
    [Returns(200, typeof(AgentProfile))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agents/profile")] HttpRequest request) =>
        pipeline.RunAsync<GetAgentProfile>(request, async call =>
        {
            var session = call.Read();
            var profile = await SignInAccounts.GetProfileAsync(session, call.Caller.UserId, call.CancellationToken);
            if (profile is not { Status: "active" })
            {
                return Problems.Unauthorized;
            }
            await attendance.NoteAsync(call.Caller, call.CancellationToken, always: true);
            var role = call.Caller.Role;
            return ApiResults.Ok(new AgentProfile
            {
                Id = profile.Id,
                FirstName = profile.FirstName,
                LastName = profile.LastName,
                Role = role.Name(),
                Roles = [role.Authority()],
                Capabilities = role.Capabilities().Select(capability => capability.ToWireName()).ToArray(),
                Organization = MyOrganization.Of(profile),
                Genesys = await GenesysUsers.FindProfileAsync(session, call.Caller.UserId, call.CancellationToken),
            });
        });
}

public sealed record AgentProfile
{
    public required Guid Id { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    [CanonicalRole]
    public required string Role { get; init; }
    public required string[] Roles { get; init; }

    /// <summary>The capabilities of the role, for showing and hiding parts of a page.</summary>
    public required string[] Capabilities { get; init; }
    public MyOrganization? Organization { get; init; }

    /// <summary>How Genesys described the agent at the last sign-in.</summary>
    public GenesysProfile? Genesys { get; init; }
}
