using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;

namespace SalesBrain.Functions.Auth;

/// <summary>Returns the signed-in user and their capabilities.</summary>
public sealed class GetMe(RequestPipeline pipeline)
{
    [Function(nameof(GetMe))]
    [Operation("Authentication", "Get the signed-in user",
        Description = "Includes the user's organization, agency, client and capabilities.")]
    [SignedIn]
    [Returns(200, typeof(Me))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/auth/me")] HttpRequest request) =>
        pipeline.RunAsync<GetMe>(request, async call =>
        {
            var profile = await SignInAccounts.GetProfileAsync(call.Read(), call.Caller.UserId, call.CancellationToken);
            if (profile is not { Status: "active" })
            {
                return Problems.Unauthorized;
            }
            var role = call.Caller.Role;
            return ApiResults.Ok(new Me
            {
                Id = profile.Id,
                Email = profile.Email,
                FirstName = profile.FirstName,
                LastName = profile.LastName,
                Role = role.Name(),
                Roles = [role.Authority()],
                Capabilities = role.Capabilities().Select(capability => capability.ToWireName()).ToArray(),
                LastSignInAt = profile.LastSignInAt,
                CreatedAt = profile.CreatedAt,
                Organization = MyOrganization.Of(profile),
                Agency = profile is { AgencyId: { } agency, AgencyName: { } agencyName } ? new Named(agency, agencyName) : null,
                Client = profile is { ClientId: { } client, ClientName: { } clientName } ? new Named(client, clientName) : null,
            });
        });
}

public sealed record Me
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    [CanonicalRole]
    public required string Role { get; init; }
    public required string[] Roles { get; init; }

    /// <summary>The capabilities of the role, for showing and hiding parts of a page.</summary>
    public required string[] Capabilities { get; init; }
    public DateTime? LastSignInAt { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>Null for platform operators.</summary>
    public MyOrganization? Organization { get; init; }
    public Named? Agency { get; init; }
    public Named? Client { get; init; }
}

public sealed record MyOrganization
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Slug { get; init; }
    public required string Timezone { get; init; }

    internal static MyOrganization? Of(ProfileRow profile) =>
        profile is { OrganizationId: { } id, OrganizationName: { } name, OrganizationSlug: { } slug, OrganizationTimezone: { } timezone }
            ? new() { Id = id, Name = name, Slug = slug, Timezone = timezone }
            : null;
}

/// <summary>A resource with its id and name.</summary>
public sealed record Named(Guid Id, string Name);
