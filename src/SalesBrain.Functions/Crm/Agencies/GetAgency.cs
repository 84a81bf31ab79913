using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Shows one agency to whoever sees it.</summary>
public sealed class GetAgency(FrontDoor frontDoor)
{
    [Function(nameof(GetAgency))]
    [Endpoint("Agencies", "One agency")]
    [Requires(Capability.ReadAgencies)]
    [Answers(200, typeof(Agency))]
    [Answers(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetAgency>(request, async (call, token) =>
            await Agencies.FindAsync(call.Read(), agencyId, token) is { } agency ? EntityTags.Show(call, agency) : Problems.NotFound, cancellationToken);
}
