using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Returns one campaign with its counters and rates. For callers who can see it.</summary>
public sealed class GetCampaign(RequestPipeline pipeline)
{
    [Function(nameof(GetCampaign))]
    [Operation("Campaigns", "Get a campaign", Description = "With its counters and rates.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(Campaign))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/campaigns/{campaignId:guid}")] HttpRequest request,
        Guid campaignId) =>
        pipeline.RunAsync<GetCampaign>(request, async call =>
            await Campaigns.FindAsync(call.Read(), campaignId, call.CancellationToken) is { } campaign
                ? EntityTags.Show(call, campaign)
                : Problems.NotFound);
}
