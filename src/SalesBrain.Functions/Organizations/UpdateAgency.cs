using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes an agency, for its administrators, owners and admins, and for sb_admin.</summary>
public sealed class UpdateAgency(RequestPipeline pipeline, TimeProvider clock)
{
    [Function(nameof(UpdateAgency))]
    [Operation("Agencies", "Update an agency", Description = "Only the fields that are sent change; null clears a field.")]
    [Requires(Capability.UpdateAgencies)]
    [Returns(200, typeof(Agency))]
    [Problems("not_found", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId) =>
        pipeline.RunAsync<UpdateAgency, UpdateAgencyRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await Agencies.LockAsync(session, agencyId, call.CancellationToken) is not { } before)
            {
                return Problems.NotFound;
            }
            var now = clock.GetUtcNow();
            var changed = input.ApplyTo(before) with { Name = input.Name.TrimmedOr(before.Name)!, UpdatedAt = now.UtcDateTime };
            if (!await Agencies.UpdateAsync(session, changed, EntityTags.ExpectedVersions(call, agencyId), call.CancellationToken))
            {
                return Problems.ChangedMeanwhile;
            }
            var after = (await Agencies.FindAsync(session, agencyId, call.CancellationToken))!;
            if (!await CrmAudit.WriteUpdatedAsync(session, call, "agency", before, after, after.OrganizationId, now))
            {
                // Nothing changed, so there is no new version and clients' copies stay valid.
                return EntityTags.ShowChanged(call, before);
            }
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record UpdateAgencyRequest : AgencyFields
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    public Optional<string> Name { get; init; }
}
