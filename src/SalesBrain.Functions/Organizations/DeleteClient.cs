using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Deletes a client to which nothing belongs, for its agency's administrators, owners and admins, and for sb_admin.</summary>
public sealed class DeleteClient(RequestPipeline pipeline)
{
    [Function(nameof(DeleteClient))]
    [Operation("Clients", "Delete a client",
        Description = "A client with users, campaigns or leads is not deleted. The error lists what it still has.")]
    [Requires(Capability.ManageClients)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/clients/{clientId:guid}")] HttpRequest request,
        Guid clientId) =>
        pipeline.RunAsync<DeleteClient>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await Clients.LockAsync(session, clientId, call.CancellationToken) is not { } client)
            {
                return Problems.NotFound;
            }
            if (!EntityTags.Match(call, client))
            {
                return Problems.ChangedMeanwhile;
            }
            if (!await Clients.DeleteAsync(session, client, call.CancellationToken))
            {
                return await DeletionRefusal.RefuseAsync(call, "client", client.OrganizationId, client.Id);
            }
            await call.AuditAsync(session, "client.deleted", "client", client.Id, client.OrganizationId, AuditedChanges.Deleted(client));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(client.Id));
        });
}
