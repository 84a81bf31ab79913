using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Shows one organization: to its own people, and to platform operators.</summary>
public sealed class GetOrganization(FrontDoor frontDoor)
{
    [Function(nameof(GetOrganization))]
    [Endpoint("Organizations", "One organization")]
    [Requires(Capability.ReadOrganizations)]
    [Answers(200, typeof(Organization))]
    [Answers(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetOrganization>(request, async (call, token) =>
            await Organizations.FindAsync(call.Read(), organizationId, token) is { } organization
                ? EntityTags.Show(call, OrganizationView.For(call.Caller, organization))
                : Problems.NotFound, cancellationToken);
}
