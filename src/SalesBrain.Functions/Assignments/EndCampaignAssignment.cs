using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Takes a campaign from a user, for whoever manages assignments.</summary>
public sealed class EndCampaignAssignment(RequestPipeline pipeline)
{
    [Function(nameof(EndCampaignAssignment))]
    [Operation("Assignments", "End a campaign assignment")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(InactiveAssignment))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/users/{userId:guid}/campaigns/{campaignId:guid}")] HttpRequest request,
        Guid userId, Guid campaignId) =>
        pipeline.RunAsync<EndCampaignAssignment>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await CampaignAssignments.EndAsync(session, userId, campaignId, call.Now.UtcDateTime, call.CancellationToken) is not { } ended)
            {
                return InactiveAssignment.NotFound;
            }
            await call.AuditAsync(
                session, "assignment.ended", "user", userId, ended.OrganizationId,
                new { campaign_id = campaignId, assignment_id = ended.Id });
            await session.CommitAsync();
            return ApiResults.Ok(new InactiveAssignment { AssignmentId = ended.Id });
        });
}

/// <summary>An ended assignment.</summary>
public sealed record InactiveAssignment
{
    /// <summary>The same whether it never was, is another organization's, or has ended already.</summary>
    internal static Problem NotFound { get; } = Problems.NotFound.Because("Assignment not found or already inactive");

    public required Guid AssignmentId { get; init; }

    /// <summary>Always <c>inactive</c>.</summary>
    public string Status => "inactive";
}
