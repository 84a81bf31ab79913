using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes an agency to which nothing belongs, for owners and admins, and for sb_admin.</summary>
public sealed class DeleteAgency(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(DeleteAgency))]
    [Endpoint("Agencies", "Deletes an agency", Description = "While it has clients, users, campaigns or leads it stays, and the answer says how many of what.")]
    [Requires(Capability.ManageAgencies)]
    [Answers(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<DeleteAgency>(request, async (call, token) =>
        {
            await using var session = await call.WriteAsync(token);
            if (await Agencies.LockAsync(session, agencyId, token) is not { } agency)
            {
                return Problems.NotFound;
            }
            var deletion = await Agencies.DeleteAsync(session, agency, EntityTags.ExpectedVersions(call, agencyId), token);
            if (deletion != Deletion.Done)
            {
                return await CrmDeletion.RefuseAsync(call, deletion, "agency", agency.OrganizationId, agency.Id, token);
            }
            await CrmAudit.WriteDeletedAsync(session, call, "agency", agency, agency.OrganizationId, clock.GetUtcNow(), token);
            await session.CommitAsync();
            return Answer.Ok(new Deleted(agency.Id));
        }, cancellationToken);
}
