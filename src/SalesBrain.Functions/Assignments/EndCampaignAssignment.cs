using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Assignments;

/// <summary>Takes a campaign from a user, for whoever manages assignments.</summary>
public sealed class EndCampaignAssignment(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(EndCampaignAssignment))]
    [Endpoint("Assignments", "Takes a campaign from a user")]
    [Requires(Capability.ManageAssignments)]
    [Answers(200, typeof(InactiveAssignment))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/users/{userId:guid}/campaigns/{campaignId:guid}")] HttpRequest request,
        Guid userId, Guid campaignId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<EndCampaignAssignment>(request, async (call, token) =>
        {
            var now = clock.GetUtcNow();
            await using var session = await call.WriteAsync(token);
            if (await CampaignAssignments.EndAsync(session, userId, campaignId, now.UtcDateTime, token) is not { } ended)
            {
                return InactiveAssignment.NotFound;
            }
            await AssignmentAudit.WriteAsync(
                session, call, "assignment.ended", "user", userId, ended.OrganizationId, now,
                new { campaign_id = campaignId, assignment_id = ended.Id }, token);
            await session.CommitAsync();
            return Answer.Ok(new InactiveAssignment { AssignmentId = ended.Id });
        }, cancellationToken);
}

/// <summary>An assignment that was ended.</summary>
public sealed record InactiveAssignment
{
    /// <summary>The same whether it never was, is another organization's, or has ended already.</summary>
    internal static Problem NotFound { get; } = Problems.NotFound.Because("Assignment not found or already inactive");

    public required Guid AssignmentId { get; init; }

    /// <summary>Always <c>inactive</c>.</summary>
    public string Status => "inactive";
}
