using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Returns one agency. For callers who can see it.</summary>
public sealed class GetAgency(RequestPipeline pipeline)
{
    [Function(nameof(GetAgency))]
    [Operation("Agencies", "Get an agency")]
    [Requires(Capability.ReadAgencies)]
    [Returns(200, typeof(Agency))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId) =>
        pipeline.RunAsync<GetAgency>(request, async call =>
            await Agencies.FindAsync(call.Read(), agencyId, call.CancellationToken) is { } agency
                ? EntityTags.Show(call, agency)
                : Problems.NotFound);
}
