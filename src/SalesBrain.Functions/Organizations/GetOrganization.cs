using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Shows one organization: to its own people, and to platform operators.</summary>
public sealed class GetOrganization(RequestPipeline pipeline)
{
    [Function(nameof(GetOrganization))]
    [Operation("Organizations", "Get an organization")]
    [Requires(Capability.ReadOrganizations)]
    [Returns(200, typeof(Organization))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId) =>
        pipeline.RunAsync<GetOrganization>(request, async call =>
            await OrganizationTable.FindAsync(call.Read(), organizationId, call.CancellationToken) is { } organization
                ? EntityTags.Show(call, OrganizationView.For(call.Caller, organization))
                : Problems.NotFound);
}
