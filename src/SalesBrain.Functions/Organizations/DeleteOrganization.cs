using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>Deletes an empty organization, such as one created by mistake. For sb_admin.</summary>
public sealed class DeleteOrganization(RequestPipeline pipeline, SalesBrainDatabase database, TimeProvider clock)
{
    [Function(nameof(DeleteOrganization))]
    [Operation("Organizations", "Delete an empty organization", Description =
        "An organization that still has anything, including disabled users, is not deleted. The error lists what it still has. "
        + "Suspend it instead. The audit log of a deleted organization stays available to the platform.")]
    [Requires(Capability.ManageOrganizations)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId) =>
        pipeline.RunAsync<DeleteOrganization>(request, async call =>
        {
            await using var session = await database.WritePlatformAsync(call.CancellationToken);
            if (await OrganizationTable.LockAsync(session, organizationId, call.CancellationToken) is not { } organization)
            {
                return Problems.NotFound;
            }
            var deletion = await OrganizationTable.DeleteAsync(session, organization, EntityTags.ExpectedVersions(call, organizationId), call.CancellationToken);
            if (deletion != Deletion.Done)
            {
                return await DeletionRefusal.RefuseAsync(call, deletion, "organization", organizationId, organizationId);
            }
            await CrmAudit.WriteDeletedAsync(session, call, "organization", organization, null, clock.GetUtcNow());
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(organizationId));
        });
}
