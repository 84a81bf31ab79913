using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes an agency, for its administrators, owners and admins, and for sb_admin.</summary>
public sealed class UpdateAgency(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(UpdateAgency))]
    [Endpoint("Agencies", "Changes an agency", Description = "Only the members sent change; null clears.")]
    [Requires(Capability.UpdateAgencies)]
    [Answers(200, typeof(Agency))]
    [Problems("not_found", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/agencies/{agencyId:guid}")] HttpRequest request,
        Guid agencyId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<UpdateAgency, UpdateAgencyRequest>(request, async (call, input, token) =>
        {
            await using var session = await call.WriteAsync(token);
            if (await Agencies.LockAsync(session, agencyId, token) is not { } before)
            {
                return Problems.NotFound;
            }
            var now = clock.GetUtcNow();
            var changed = input.ApplyTo(before) with { Name = input.Name.KeptOr(before.Name)!, UpdatedAt = now.UtcDateTime };
            if (!await Agencies.UpdateAsync(session, changed, EntityTags.ExpectedVersions(call, agencyId), token))
            {
                return Problems.ChangedMeanwhile;
            }
            var after = (await Agencies.FindAsync(session, agencyId, token))!;
            if (!await CrmAudit.WriteUpdatedAsync(session, call, "agency", before, after, after.OrganizationId, now, token))
            {
                // Nothing changed: no new version, and nobody's copy is outdated.
                return EntityTags.ShowChanged(call, before);
            }
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        }, cancellationToken);
}

public sealed record UpdateAgencyRequest : AgencyFields
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    public Optional<string> Name { get; init; }
}
