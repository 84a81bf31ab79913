using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes a campaign that is not active, for owners, admins and the admins of its agency, and for sb_admin.</summary>
public sealed class DeleteCampaign(RequestPipeline pipeline)
{
    [Function(nameof(DeleteCampaign))]
    [Operation("Campaigns", "Delete a campaign", Description =
        "The campaign disappears from lists and reports. Its leads and activities stay, and later webhooks of the campaign are still recorded on them.")]
    [Requires(Capability.ManageCampaigns)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "campaign_active", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/campaigns/{campaignId:guid}")] HttpRequest request,
        Guid campaignId) =>
        pipeline.RunAsync<DeleteCampaign>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await Campaigns.LockAsync(session, campaignId, call.CancellationToken) is not { } campaign)
            {
                return Problems.NotFound;
            }
            if (!EntityTags.Match(call, campaign))
            {
                return Problems.ChangedMeanwhile;
            }
            if (campaign.Status == "active")
            {
                return Problems.CampaignActive;
            }
            await Campaigns.DeleteAsync(session, campaign, call.Now.UtcDateTime, call.CancellationToken);
            await call.AuditAsync(
                session, "campaign.deleted", "campaign", campaign.Id, campaign.OrganizationId, AuditedChanges.Deleted(campaign));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(campaign.Id));
        });
}
