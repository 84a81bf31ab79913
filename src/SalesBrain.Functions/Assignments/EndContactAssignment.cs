using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Takes a contact from a user, for whoever manages assignments.</summary>
public sealed class EndContactAssignment(RequestPipeline pipeline)
{
    [Function(nameof(EndContactAssignment))]
    [Operation("Assignments", "End a contact assignment")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(InactiveAssignment))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/users/{userId:guid}/contacts/{contactId:guid}")] HttpRequest request,
        Guid userId, Guid contactId) =>
        pipeline.RunAsync<EndContactAssignment>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await ContactAssignments.EndAsync(session, userId, contactId, call.Now.UtcDateTime, call.CancellationToken) is not { } ended)
            {
                return InactiveAssignment.NotFound;
            }
            await call.AuditAsync(
                session, "assignment.ended", "user", userId, ended.OrganizationId,
                new { contact_id = contactId, assignment_id = ended.Id });
            await session.CommitAsync();
            return ApiResults.Ok(new InactiveAssignment { AssignmentId = ended.Id });
        });
}
