using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Adds an organization with its tenant, and invites its first owner, for sb_admin.</summary>
public sealed class CreateOrganization(FrontDoor frontDoor, SalesBrainDatabase database, SetPasswordMails mails, TimeProvider clock)
{
    [Function(nameof(CreateOrganization))]
    [Endpoint("Organizations", "Adds an organization, and invites its first owner",
        Description = "Its slug comes from its name and its tenant_key from the slug, unless they are given. With an owner, that person becomes an invited user "
            + "and gets a mail with a link to choose a password; where the mail could not be sent, message says so.")]
    [Requires(Capability.ManageOrganizations)]
    [Answers(201, typeof(Organization))]
    [Problems("already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/organizations")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<CreateOrganization, CreateOrganizationRequest>(request, AddAsync, cancellationToken);

    private async Task<IResult> AddAsync(Call call, CreateOrganizationRequest input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = await database.WritePlatformAsync(cancellationToken);
        var errors = new InputErrors();
        if ((input.Slug ?? OrganizationRules.SlugOf(input.Name)) is not { } slug)
        {
            errors.Add("slug", "is required: none can be made of the name");
            slug = "";
        }
        if (await Organizations.FindTimezoneAsync(session, input.Timezone, cancellationToken) is not { } timezone)
        {
            errors.Add("timezone", OrganizationInputRules.Timezone);
            timezone = "";
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }

        var organization = new Organization
        {
            Id = Guid.CreateVersion7(now),
            Name = input.Name.Trim(),
            Slug = slug,
            Timezone = timezone,
            Settings = input.Settings ?? CompanyFields.NoMetadata,
            TenantKey = input.TenantKey ?? OrganizationRules.TenantKeyOf(slug),
            GenesysOrgId = Texts.Kept(input.GenesysOrgId),
            GenesysRegion = Texts.Kept(input.GenesysRegion),
            CreatedAt = now.UtcDateTime,
            UpdatedAt = now.UtcDateTime,
        };
        await Organizations.AddAsync(session, organization, Guid.CreateVersion7(now), cancellationToken);
        var added = (await Organizations.FindAsync(session, organization.Id, cancellationToken))!;
        await CrmAudit.WriteCreatedAsync(session, call, "organization", added, added.Id, now, cancellationToken);
        var invitation = input.Owner is { } owner ? await InviteAsync(session, call, added.Id, owner, now, cancellationToken) : null;
        await session.CommitAsync();

        var message = invitation is null || await mails.SendInvitationAsync(input.Owner!.Email.Trim(), added.Name, invitation, now) ? null : UserInvitation.NotSent;
        return EntityTags.ShowCreated(call, $"/api/v1/organizations/{added.Id}", added, message);
    }

    /// <summary>Adds the first owner; answers the token of the invitation.</summary>
    private static async Task<string> InviteAsync(
        PlatformSession session, Call call, Guid organizationId, FirstOwner owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            Email = owner.Email.Trim(),
            FirstName = Texts.Kept(owner.FirstName),
            LastName = Texts.Kept(owner.LastName),
            Role = Role.Owner.Name(),
            Status = "invited",
            CreatedAt = now.UtcDateTime,
            UpdatedAt = now.UtcDateTime,
        };
        await UserAccounts.AddAsync(session, user, null, cancellationToken);
        await CrmAudit.WriteCreatedAsync(session, call, "user", user, organizationId, now, cancellationToken);
        return await PasswordTokens.IssueInvitationAsync(session, organizationId, user.Id, now, cancellationToken);
    }
}

public sealed record CreateOrganizationRequest
{
    [StringLength(200)]
    [NotBlank]
    public required string Name { get; init; }

    /// <summary>Names it in addresses; nobody else may have it.</summary>
    [NotBlank]
    [RegularExpression(OrganizationRules.SlugPattern, ErrorMessage = OrganizationInputRules.Slug)]
    public string? Slug { get; init; }

    /// <summary>An IANA time zone.</summary>
    [StringLength(100)]
    public string Timezone { get; init; } = "UTC";

    /// <summary>A JSON object.</summary>
    [JsonObject]
    public JsonElement? Settings { get; init; }

    /// <summary>Its key in outside systems; nobody else may have it.</summary>
    [NotBlank]
    [RegularExpression(OrganizationRules.TenantKeyPattern, ErrorMessage = OrganizationInputRules.TenantKey)]
    public string? TenantKey { get; init; }

    [StringLength(255)]
    public string? GenesysOrgId { get; init; }

    [StringLength(100)]
    public string? GenesysRegion { get; init; }

    /// <summary>Who is invited to run it.</summary>
    public FirstOwner? Owner { get; init; }
}

/// <summary>The person who is invited to run a new organization.</summary>
public sealed record FirstOwner
{
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public required string Email { get; init; }

    [StringLength(100)]
    public string? FirstName { get; init; }

    [StringLength(100)]
    public string? LastName { get; init; }
}

/// <summary>What keys and time zones look like, for whoever sent another.</summary>
internal static class OrganizationInputRules
{
    internal const string Slug = "must be 1 to 63 of a to z, 0 to 9, - and _, and begin and end with a letter or digit";
    internal const string TenantKey = "must be 1 to 63 of a to z, 0 to 9, - and _, and begin with a letter or digit";
    internal const string Timezone = "must be an IANA time zone such as Europe/Berlin";
}
