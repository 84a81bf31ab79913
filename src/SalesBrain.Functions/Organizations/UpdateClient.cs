using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes a client, for its agency's administrators, owners and admins, and for sb_admin.</summary>
public sealed class UpdateClient(RequestPipeline pipeline, TimeProvider clock)
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
            var now = clock.GetUtcNow();
            var changed = input.ApplyTo(before) with
            {
                AgencyId = input.AgencyId.Or(before.AgencyId),
                Name = input.Name.TrimmedOr(before.Name)!,
                UpdatedAt = now.UtcDateTime,
            };
            if (!ClientFields.MayPlaceAt(call.Caller, changed.AgencyId))
            {
                return Problems.Forbidden.Because("Your role cannot move a client to another agency.");
            }
            if (!await Clients.UpdateAsync(session, changed, EntityTags.ExpectedVersions(call, clientId), call.CancellationToken))
            {
                return Problems.ChangedMeanwhile;
            }
            var after = (await Clients.FindAsync(session, clientId, call.CancellationToken))!;
            if (!await CrmAudit.WriteUpdatedAsync(session, call, "client", before, after, after.OrganizationId, now))
            {
                // Nothing changed, so there is no new version and clients' copies stay valid.
                return EntityTags.ShowChanged(call, before);
            }
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
    public Optional<string> Name { get; init; }
}
