using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Assignments;

/// <summary>Takes a contact from a user, for whoever manages assignments.</summary>
public sealed class EndContactAssignment(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(EndContactAssignment))]
    [Endpoint("Assignments", "Takes a contact from a user")]
    [Requires(Capability.ManageAssignments)]
    [Answers(200, typeof(InactiveAssignment))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/users/{userId:guid}/contacts/{contactId:guid}")] HttpRequest request,
        Guid userId, Guid contactId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<EndContactAssignment>(request, async (call, token) =>
        {
            var now = clock.GetUtcNow();
            await using var session = await call.WriteAsync(token);
            if (await ContactAssignments.EndAsync(session, userId, contactId, now.UtcDateTime, token) is not { } ended)
            {
                return InactiveAssignment.NotFound;
            }
            await AssignmentAudit.WriteAsync(
                session, call, "assignment.ended", "user", userId, ended.OrganizationId, now,
                new { contact_id = contactId, assignment_id = ended.Id }, token);
            await session.CommitAsync();
            return Answer.Ok(new InactiveAssignment { AssignmentId = ended.Id });
        }, cancellationToken);
}
