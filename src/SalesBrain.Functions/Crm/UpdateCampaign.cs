using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes a campaign, for owners, admins and the admins of its agency, and for sb_admin.</summary>
public sealed class UpdateCampaign(RequestPipeline pipeline)
{
    [Function(nameof(UpdateCampaign))]
    [Operation("Campaigns", "Update a campaign", Description =
        "Only the fields that are sent change; null clears a field. The status changes from draft to active or archived, from active to "
        + "paused or completed, from paused to active or completed, and from completed to archived. With a new agency_id or client_id, the "
        + "leads that the campaign had there move with it.")]
    [Requires(Capability.ManageCampaigns)]
    [Returns(200, typeof(Campaign))]
    [Problems("not_found", "already_exists", "campaign_status_refused", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/campaigns/{campaignId:guid}")] HttpRequest request,
        Guid campaignId) =>
        pipeline.RunAsync<UpdateCampaign, UpdateCampaignRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await Campaigns.LockAsync(session, campaignId, call.CancellationToken) is not { } before)
            {
                return Problems.NotFound;
            }
            if (!EntityTags.Match(call, before))
            {
                return Problems.ChangedMeanwhile;
            }
            var errors = new InputErrors();
            var edited = await input.PlaceAsync(session, call, input.ApplyTo(before) with
            {
                Name = input.Name.TrimmedOr(before.Name)!,
                UpdatedAt = call.Now.UtcDateTime,
            }, errors);
            CampaignFields.CheckDates(edited, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            if (input.ApplyStatusTo(edited, call.Now.UtcDateTime) is not { } changed)
            {
                return CampaignFields.StatusRefused(before);
            }
            var changes = AuditedChanges.Between(before, changed);
            if (changes.AreEmpty)
            {
                // No new version: copies that callers hold stay current.
                return EntityTags.ShowChanged(call, before);
            }
            var entry = call.AuditEntry("campaign.updated", "campaign", before.Id, before.OrganizationId, changes);
            await Campaigns.UpdateAsync(session, before, changed, entry, call.CancellationToken);
            var after = (await Campaigns.FindAsync(session, campaignId, call.CancellationToken))!;
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record UpdateCampaignRequest : CampaignFields
{
    [Required]
    [StringLength(300)]
    [NotBlank]
    public Optional<string> Name { get; init; }
}
