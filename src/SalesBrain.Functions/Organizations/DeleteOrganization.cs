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
    [Operation("Organizations", "Deletes an organization that is empty",
        Description = "While anything is in it, somebody disabled too, it stays, and the answer says how many of what. Suspend it instead. Its audit log stays, for the platform.")]
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
            await call.AuditAsync(session, "organization.deleted", "organization", organization.Id, null, AuditedChanges.Deleted(organization));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(organizationId));
        });
}
