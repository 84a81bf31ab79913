using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes an organization that is empty, for sb_admin: one that was made by mistake.</summary>
public sealed class DeleteOrganization(FrontDoor frontDoor, SalesBrainDatabase database, TimeProvider clock)
{
    [Function(nameof(DeleteOrganization))]
    [Endpoint("Organizations", "Deletes an organization that is empty",
        Description = "While anything is in it, somebody disabled too, it stays, and the answer says how many of what. Suspend it instead. Its audit log stays, for the platform.")]
    [Requires(Capability.ManageOrganizations)]
    [Answers(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<DeleteOrganization>(request, async (call, token) =>
        {
            await using var session = await database.WritePlatformAsync(token);
            if (await Organizations.LockAsync(session, organizationId, token) is not { } organization)
            {
                return Problems.NotFound;
            }
            var deletion = await Organizations.DeleteAsync(session, organization, EntityTags.ExpectedVersions(call, organizationId), token);
            if (deletion != Deletion.Done)
            {
                return await CrmDeletion.RefuseAsync(call, deletion, "organization", organizationId, organizationId, token);
            }
            await CrmAudit.WriteDeletedAsync(session, call, "organization", organization, null, clock.GetUtcNow(), token);
            await session.CommitAsync();
            return Answer.Ok(new Deleted(organizationId));
        }, cancellationToken);
}
