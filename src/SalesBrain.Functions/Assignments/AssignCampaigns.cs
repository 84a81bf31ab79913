using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Gives campaigns to a user, or changes what they may do there, for whoever manages assignments.</summary>
public sealed class AssignCampaigns(RequestPipeline pipeline)
{
    [Function(nameof(AssignCampaigns))]
    [Operation("Assignments", "Assign campaigns to a user", Description =
        "Sending the same request again changes nothing. An existing assignment is updated. A campaign that cannot be assigned "
        + "does not stop the others: failed_items gives the reason for each.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AssignmentResults), Bare = true)]
    [Problems("not_found", "assignee_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/users/{userId:guid}/assign-campaigns")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<AssignCampaigns, AssignCampaignsRequest>(request, async (call, input) =>
        {
            if (input.Check(call.Caller) is { Any: true } errors)
            {
                return Problems.InvalidInput(errors);
            }
            await using var session = await call.WriteAsync();
            var (found, problem) = await input.FindAssigneeAsync(call, session, userId);
            if (problem is not null || found is not { } user)
            {
                return problem!;
            }

            var assigner = input.AssignerOr(call.Caller);
            var campaignIds = input.CampaignIds.Distinct().ToList();
            var assigned = await CampaignAssignments.AssignAsync(session, new NewCampaignAssignments
            {
                OrganizationId = user.OrganizationId,
                UserId = userId,
                CampaignIds = campaignIds,
                Role = input.Role,
                CanEdit = input.CanEdit,
                CanViewStats = input.CanViewStats,
                CanManageContacts = input.CanManageContacts,
                AssignedBy = assigner,
                Now = call.Now,
            }, call.CancellationToken);
            var changed = assigned.Where(campaign => campaign.IsChanged).Select(campaign => campaign.CampaignId).ToList();
            if (changed.Count > 0)
            {
                var isNew = assigned.Count(campaign => campaign.IsNew);
                await AssignmentNotifications.TellAsync(
                    session, user, "campaign", isNew, assigner, call.Now.UtcDateTime, call.CancellationToken);
                await call.AuditAsync(
                    session, "assignment.created", "user", userId, user.OrganizationId, new
                    {
                        count = changed.Count,
                        role = input.Role,
                        can_edit = input.CanEdit,
                        can_view_stats = input.CanViewStats,
                        can_manage_contacts = input.CanManageContacts,
                        assigned_by = assigner,
                        campaign_ids = changed.Take(AssignmentInput.MostAuditedIds),
                    });
                await session.CommitAsync();
            }
            var there = assigned.Select(campaign => campaign.CampaignId).ToHashSet();
            return ApiResults.Bare(AssignmentResults.Of(assigned.Count,
                [.. campaignIds.Where(id => !there.Contains(id)).Select(id => AssignmentFailure.Of(id, Problems.NotFound.Because("Campaign not found.")))]));
        });
}

public sealed record AssignCampaignsRequest : AssignmentInput
{
    [Length(1, 1000)]
    public required Guid[] CampaignIds { get; init; }

    [AllowedValues("owner", "admin", "member", "viewer")]
    public string Role { get; init; } = "member";

    public bool CanEdit { get; init; }

    public bool CanViewStats { get; init; } = true;

    public bool CanManageContacts { get; init; }
}
