using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Deletes an agency to which nothing belongs, for owners and admins, and for sb_admin.</summary>
public sealed class DeleteAgency(RequestPipeline pipeline)
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
            if (!EntityTags.Match(call, agency))
            {
                return Problems.ChangedMeanwhile;
            }
            if (!await Agencies.DeleteAsync(session, agency, call.CancellationToken))
            {
                return await DeletionRefusal.RefuseAsync(call, "agency", agency.OrganizationId, agency.Id);
            }
            await call.AuditAsync(session, "agency.deleted", "agency", agency.Id, agency.OrganizationId, AuditedChanges.Deleted(agency));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(agency.Id));
        });
}
