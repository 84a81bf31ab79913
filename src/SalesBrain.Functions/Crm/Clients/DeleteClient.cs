using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes a client to which nothing belongs, for its agency's administrators, owners and admins, and for sb_admin.</summary>
public sealed class DeleteClient(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(DeleteClient))]
    [Endpoint("Clients", "Deletes a client", Description = "While it has users, campaigns or leads it stays, and the answer says how many of what.")]
    [Requires(Capability.ManageClients)]
    [Answers(200, typeof(Deleted))]
    [Problems("not_found", "not_empty", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/clients/{clientId:guid}")] HttpRequest request,
        Guid clientId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<DeleteClient>(request, async (call, token) =>
        {
            await using var session = await call.WriteAsync(token);
            if (await Clients.LockAsync(session, clientId, token) is not { } client)
            {
                return Problems.NotFound;
            }
            var deletion = await Clients.DeleteAsync(session, client, EntityTags.ExpectedVersions(call, clientId), token);
            if (deletion != Deletion.Done)
            {
                return await CrmDeletion.RefuseAsync(call, deletion, "client", client.OrganizationId, client.Id, token);
            }
            await CrmAudit.WriteDeletedAsync(session, call, "client", client, client.OrganizationId, clock.GetUtcNow(), token);
            await session.CommitAsync();
            return Answer.Ok(new Deleted(client.Id));
        }, cancellationToken);
}
