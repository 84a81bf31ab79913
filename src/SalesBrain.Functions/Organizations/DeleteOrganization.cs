using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>Deletes an organization that is empty, for sb_admin: one that was made by mistake.</summary>
public sealed class DeleteOrganization(RequestPipeline pipeline, SalesBrainDatabase database)
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
            if (!EntityTags.Match(call, organization))
            {
                return Problems.ChangedMeanwhile;
            }
            if (!await OrganizationTable.DeleteAsync(session, organization, call.CancellationToken))
            {
                return await DeletionRefusal.RefuseAsync(call, "organization", organizationId, organizationId);
            }
            await call.AuditAsync(
                session, "organization.deleted", "organization", organization.Id, null, AuditedChanges.Deleted(organization));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(organizationId));
        });
}
