using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes an organization: owners and admins their own, sb_admin any, and whether it is suspended.</summary>
public sealed class UpdateOrganization(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(UpdateOrganization))]
    [Endpoint("Organizations", "Changes an organization",
        Description = "Only the members sent change; null clears. Only sb_admin may send slug and status: nobody signs in to a suspended organization, and its "
            + "receivers refuse.")]
    [Requires(Capability.UpdateOrganizations)]
    [Answers(200, typeof(Organization))]
    [Problems("not_found", "already_exists", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/organizations/{organizationId:guid}")] HttpRequest request,
        Guid organizationId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<UpdateOrganization, UpdateOrganizationRequest>(
            request, (call, input, token) => ChangeAsync(call, organizationId, input, token), cancellationToken);

    private async Task<IResult> ChangeAsync(Call call, Guid organizationId, UpdateOrganizationRequest input, CancellationToken cancellationToken)
    {
        await using var session = await call.WriteAsync(cancellationToken);
        if (await Organizations.LockAsync(session, organizationId, cancellationToken) is not { } before)
        {
            return Problems.NotFound;
        }
        if ((input.Slug.IsSet || input.Status.IsSet) && !call.Caller.Role.Can(Capability.ManageOrganizations))
        {
            return Problems.Forbidden.Because("Only a platform administrator may change an organization's slug or status.");
        }
        var timezone = before.Timezone;
        if (input.Timezone.IsSet)
        {
            if (await Organizations.FindTimezoneAsync(session, input.Timezone.Value!, cancellationToken) is not { } known)
            {
                return Problems.InvalidMember("timezone", OrganizationInputRules.Timezone);
            }
            timezone = known;
        }

        var now = clock.GetUtcNow();
        var changed = before with
        {
            Name = input.Name.KeptOr(before.Name)!,
            Slug = input.Slug.Or(before.Slug)!,
            Status = input.Status.IsSet ? input.Status.Value.ToString().ToLowerInvariant() : before.Status,
            Timezone = timezone,
            Settings = input.Settings.IsSet ? input.Settings.Value ?? CompanyFields.NoMetadata : before.Settings,
            UpdatedAt = now.UtcDateTime,
        };
        var versions = EntityTags.ExpectedVersions(call, organizationId);
        if (!await (session is PlatformSession platform
                ? Organizations.UpdateAsPlatformAsync(platform, changed, versions, cancellationToken)
                : Organizations.UpdateAsync(session, changed, versions, cancellationToken)))
        {
            return Problems.ChangedMeanwhile;
        }
        var after = (await Organizations.FindAsync(session, organizationId, cancellationToken))!;
        if (!await CrmAudit.WriteUpdatedAsync(session, call, "organization", before, after, organizationId, now, cancellationToken))
        {
            // Nothing changed: no new version, and nobody's copy is outdated.
            return EntityTags.ShowChanged(call, before);
        }
        await session.CommitAsync();
        return EntityTags.ShowChanged(call, after);
    }
}

public sealed record UpdateOrganizationRequest
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    public Optional<string> Name { get; init; }

    /// <summary>For sb_admin. Names it in addresses; nobody else may have it.</summary>
    [Required]
    [NotBlank]
    [RegularExpression(OrganizationRules.SlugPattern, ErrorMessage = OrganizationInputRules.Slug)]
    public Optional<string> Slug { get; init; }

    /// <summary>For sb_admin.</summary>
    [Required]
    public Optional<OrganizationStatus> Status { get; init; }

    /// <summary>An IANA time zone.</summary>
    [Required]
    [StringLength(100)]
    public Optional<string> Timezone { get; init; }

    /// <summary>A JSON object, replaced as a whole; null is an empty one.</summary>
    [JsonObject]
    public Optional<JsonElement?> Settings { get; init; }
}
