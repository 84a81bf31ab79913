using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Deletes an agency to which nothing belongs, for owners and admins, and for sb_admin.</summary>
public sealed class DeleteAgency(RequestPipeline pipeline, TimeProvider clock)
{
    [Function(nameof(DeleteAgency))]
    [Operation("Agencies", "Delete an agency",
        Description = "An agency with clients, users, campaigns or leads is not deleted. The error lists what it still has.")]
    [Requires(Capability.ManageAgencies)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId) =>
        pipeline.RunAsync<DeleteAgency>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await Agencies.LockAsync(session, agencyId, call.CancellationToken) is not { } agency)
            {
                return Problems.NotFound;
            }
            var deletion = await Agencies.DeleteAsync(session, agency, EntityTags.ExpectedVersions(call, agencyId), call.CancellationToken);
            if (deletion != Deletion.Done)
            {
                return await DeletionRefusal.RefuseAsync(call, deletion, "agency", agency.OrganizationId, agency.Id);
            }
            await CrmAudit.WriteDeletedAsync(session, call, "agency", agency, agency.OrganizationId, clock.GetUtcNow());
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(agency.Id));
        });
}
