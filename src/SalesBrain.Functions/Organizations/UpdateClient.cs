using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes a client, for its agency's administrators, owners and admins, and for sb_admin.</summary>
public sealed class UpdateClient(RequestPipeline pipeline)
{
    [Function(nameof(UpdateClient))]
    [Operation("Clients", "Update a client", Description =
        "Only the fields that are sent change; null clears a field. With a new agency_id, the client's campaigns and leads move "
        + "to that agency too.")]
    [Requires(Capability.ManageClients)]
    [Returns(200, typeof(Client))]
    [Problems("not_found", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/clients/{clientId:guid}")] HttpRequest request,
        Guid clientId) =>
        pipeline.RunAsync<UpdateClient, UpdateClientRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await Clients.LockAsync(session, clientId, call.CancellationToken) is not { } before)
            {
                return Problems.NotFound;
            }
            var changed = input.ApplyTo(before) with
            {
                AgencyId = input.AgencyId.Or(before.AgencyId),
                Name = input.Name.TrimmedOr(before.Name)!,
                UpdatedAt = call.Now.UtcDateTime,
            };
            if (!ClientFields.MayPlaceAt(call.Caller, changed.AgencyId))
            {
                return Problems.Forbidden.Because("Your role cannot move a client to another agency.");
            }
            if (!EntityTags.Match(call, before))
            {
                return Problems.ChangedMeanwhile;
            }
            var changes = AuditedChanges.Between(before, changed);
            if (changes.AreEmpty)
            {
                // No new version: copies that callers hold stay current.
                return EntityTags.ShowChanged(call, before);
            }
            var entry = call.AuditEntry("client.updated", "client", before.Id, before.OrganizationId, changes);
            var after = await Clients.UpdateAsync(session, changed, entry, call.CancellationToken);
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record UpdateClientRequest : ClientFields
{
    /// <summary>The agency of the client.</summary>
    [Required]
    public Optional<Guid> AgencyId { get; init; }

    [Required]
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public Optional<string> Name { get; init; }
}
