using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes an agency, for its administrators, owners and admins, and for sb_admin.</summary>
public sealed class UpdateAgency(RequestPipeline pipeline)
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
            var changed = input.ApplyTo(before) with { Name = input.Name.TrimmedOr(before.Name)!, UpdatedAt = call.Now.UtcDateTime };
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
            var entry = call.AuditEntry("agency.updated", "agency", before.Id, before.OrganizationId, changes);
            var after = await Agencies.UpdateAsync(session, changed, entry, call.CancellationToken);
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record UpdateAgencyRequest : AgencyFields
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public Optional<string> Name { get; init; }
}
