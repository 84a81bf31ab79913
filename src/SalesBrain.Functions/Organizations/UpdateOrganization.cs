using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Organizations;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes an organization: owners and admins their own, sb_admin any, and whether it is suspended.</summary>
public sealed class UpdateOrganization(RequestPipeline pipeline)
{
    [Function(nameof(UpdateOrganization))]
    [Operation("Organizations", "Update an organization", Description =
        "Only the fields that are sent change; null clears a field. Only sb_admin can send slug and status. While an "
        + "organization is suspended, its users cannot sign in and its webhook endpoints refuse deliveries.")]
    [Requires(Capability.UpdateOrganizations)]
    [Returns(200, typeof(Organization))]
    [Problems("not_found", "already_exists", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId) =>
        pipeline.RunAsync<UpdateOrganization, UpdateOrganizationRequest>(
            request, (call, input) => ChangeAsync(call, organizationId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid organizationId, UpdateOrganizationRequest input)
    {
        await using var session = await call.WriteAsync();
        if (await OrganizationTable.LockAsync(session, organizationId, call.CancellationToken) is not { } before)
        {
            return Problems.NotFound;
        }
        if ((input.Slug.IsSet || input.Status.IsSet) && !call.Caller.Role.Can(Capability.ManageOrganizations))
        {
            return Problems.Forbidden.Because("Only platform administrators can change an organization's slug or status.");
        }
        if (OrganizationInputRules.CheckSettings(input.Settings.Value) is { } problem)
        {
            return problem;
        }
        var timezone = before.Timezone;
        if (input.Timezone.IsSet)
        {
            if (await OrganizationTable.FindTimezoneAsync(session, input.Timezone.Value!, call.CancellationToken) is not { } known)
            {
                return Problems.InvalidMember("timezone", OrganizationInputRules.Timezone);
            }
            timezone = known;
        }

        var changed = before with
        {
            Name = input.Name.TrimmedOr(before.Name)!,
            Slug = input.Slug.Or(before.Slug)!,
            Status = input.Status.IsSet ? input.Status.Value.ToWireName() : before.Status,
            Timezone = timezone,
            Settings = input.Settings.IsSet ? input.Settings.Value ?? CompanyFields.NoMetadata : before.Settings,
            UpdatedAt = call.Now.UtcDateTime,
        };
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
        var entry = call.AuditEntry("organization.updated", "organization", before.Id, before.Id, changes);
        var after = await (session is PlatformSession platform
            ? OrganizationTable.UpdateAsPlatformAsync(platform, changed, entry, call.CancellationToken)
            : OrganizationTable.UpdateAsync(session, changed, entry, call.CancellationToken));
        await session.CommitAsync();
        return EntityTags.ShowChanged(call, after);
    }
}

public sealed record UpdateOrganizationRequest
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public Optional<string> Name { get; init; }

    /// <summary>Unique name for use in URLs. Only sb_admin can change it.</summary>
    [Required]
    [NotBlank]
    [RegularExpression(OrganizationRules.SlugPattern, ErrorMessage = OrganizationInputRules.Slug)]
    public Optional<string> Slug { get; init; }

    /// <summary>Only sb_admin can change it.</summary>
    [Required]
    public Optional<OrganizationStatus> Status { get; init; }

    /// <summary>IANA time zone name.</summary>
    [Required]
    [StringLength(100)]
    [Accepts(MinLength = 1, Pattern = TextPatterns.TimeZone)]
    public Optional<string> Timezone { get; init; }

    /// <summary>
    /// A JSON object. Replaced as a whole; null clears it. SalesBrain reads <c>lead_score</c> (weights of the lead score),
    /// <c>qualification</c> (<c>qualified_at</c> and <c>rejected_at</c>), <c>filterable_fields</c> (names of custom fields, at most 10) and
    /// <c>conversations</c> (<c>assign</c>: <c>round_robin</c> or <c>none</c>); everything else is the organization's own.
    /// </summary>
    [JsonObject]
    public Optional<JsonElement?> Settings { get; init; }
}
