using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Organizations;
using SalesBrain.Core.Tenants;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Organizations;

/// <summary>Adds an organization with its tenant, and invites its first owner, for sb_admin.</summary>
public sealed class CreateOrganization(RequestPipeline pipeline, SalesBrainDatabase database, Invitations invitations)
{
    [Function(nameof(CreateOrganization))]
    [Operation("Organizations", "Create an organization", Description =
        "If not given, slug is derived from the name, and tenant_key from the slug. With owner, that person is created as an "
        + "invited user and receives an e-mail with a link to choose a password. If the e-mail cannot be sent, message says so.")]
    [Requires(Capability.ManageOrganizations)]
    [Returns(201, typeof(Organization))]
    [Problems("already_exists", "too_many_mails")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/organizations")] HttpRequest request) =>
        pipeline.RunAsync<CreateOrganization, CreateOrganizationRequest>(request, AddAsync);

    private async Task<IResult> AddAsync(Call call, CreateOrganizationRequest input)
    {
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var errors = new InputErrors();
        if ((input.Slug ?? OrganizationRules.SlugOf(input.Name)) is not { } slug)
        {
            errors.Add("slug", "is required, because no slug can be derived from the name");
            slug = "";
        }
        if (await OrganizationTable.FindTimezoneAsync(session, input.Timezone, call.CancellationToken) is not { } timezone)
        {
            errors.Add("timezone", OrganizationInputRules.Timezone);
            timezone = "";
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        if (OrganizationInputRules.CheckSettings(input.Settings) is { } problem)
        {
            return problem;
        }

        var organization = new Organization
        {
            Id = Guid.CreateVersion7(call.Now),
            Name = input.Name.Trim(),
            Slug = slug,
            Timezone = timezone,
            Settings = input.Settings ?? CompanyFields.NoMetadata,
            TenantKey = input.TenantKey ?? OrganizationRules.TenantKeyOf(slug),
            GenesysOrgId = input.GenesysOrgId is { } id ? GenesysOrgIds.Read(id) : null,
            GenesysRegion = input.GenesysRegion,
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        };
        await OrganizationTable.AddAsync(session, organization, Guid.CreateVersion7(call.Now), call.CancellationToken);
        var added = (await OrganizationTable.FindAsync(session, organization.Id, call.CancellationToken))!;
        await call.AuditAsync(session, "organization.created", "organization", added.Id, added.Id, AuditedChanges.Created(added));
        var invitation = input.Owner is { } owner ? await InviteAsync(session, call, added.Id, owner) : null;
        if (invitation is not null && await invitations.CountAsync(input.Owner!.Email.Trim(), call) is { } refusal)
        {
            return refusal;
        }
        await session.CommitAsync();

        var message = invitation is null || await invitations.SendAsync(Emails.Shown(input.Owner!.Email), added.Name, invitation, call.Now)
            ? null
            : UserInvitation.NotSent;
        return EntityTags.ShowCreated(call, $"/api/v1/organizations/{added.Id}", added, message);
    }

    /// <summary>Adds the first owner, and returns the token of the invitation.</summary>
    private static async Task<string> InviteAsync(PlatformSession session, Call call, Guid organizationId, FirstOwner owner)
    {
        var user = new User
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = organizationId,
            Email = Emails.Shown(owner.Email),
            FirstName = TrimmedText.Of(owner.FirstName),
            LastName = TrimmedText.Of(owner.LastName),
            Role = Role.Owner.Name(),
            Status = "invited",
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        };
        await Users.AddAsync(session, user, null, call.CancellationToken);
        await call.AuditAsync(session, "user.created", "user", user.Id, organizationId, AuditedChanges.Created(user));
        return (await PasswordTokens.IssueInvitationAsync(session, organizationId, user.Id, call.Now, call.CancellationToken)).Token;
    }
}

public sealed record CreateOrganizationRequest
{
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public required string Name { get; init; }

    /// <summary>Unique name for use in URLs.</summary>
    [NotBlank]
    [RegularExpression(OrganizationRules.SlugPattern, ErrorMessage = OrganizationInputRules.Slug)]
    public string? Slug { get; init; }

    /// <summary>IANA time zone name.</summary>
    [StringLength(100)]
    [Accepts(MinLength = 1, Pattern = TextPatterns.TimeZone)]
    public string Timezone { get; init; } = "UTC";

    /// <inheritdoc cref="UpdateOrganizationRequest.Settings"/>
    [JsonObject]
    public JsonElement? Settings { get; init; }

    /// <summary>Unique key in external systems.</summary>
    [NotBlank]
    [RegularExpression(OrganizationRules.TenantKeyPattern, ErrorMessage = OrganizationInputRules.TenantKey)]
    public string? TenantKey { get; init; }

    /// <summary>The Genesys organization whose agents sign in.</summary>
    [StringLength(GenesysOrgIds.MaxLength)]
    [GenesysOrgId]
    public string? GenesysOrgId { get; init; }

    /// <summary>The region of the Genesys organization.</summary>
    [GenesysRegion]
    public string? GenesysRegion { get; init; }

    /// <summary>The person to invite as the first owner.</summary>
    public FirstOwner? Owner { get; init; }
}

/// <summary>The first owner of a new organization, who is invited by e-mail.</summary>
public sealed record FirstOwner
{
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public required string Email { get; init; }

    [StringLength(100)]
    [NameText]
    public string? FirstName { get; init; }

    [StringLength(100)]
    [NameText]
    public string? LastName { get; init; }
}

/// <summary>Validation messages for keys and time zones.</summary>
internal static class OrganizationInputRules
{
    internal const string Slug = "must be 1 to 63 of a to z, 0 to 9, - and _, and begin and end with a letter or digit";
    internal const string TenantKey = "must be 1 to 63 of a to z, 0 to 9, - and _, and begin with a letter or digit";
    internal const string Timezone = "must be an IANA time zone such as Europe/Berlin";

    /// <summary>422 if the members of the settings that SalesBrain reads are not valid.</summary>
    internal static Problem? CheckSettings(JsonElement? settings)
    {
        var errors = new InputErrors();
        foreach (var (path, message) in settings is { } given ? OrganizationSettings.Check(given) : [])
        {
            errors.Add(path, message);
        }
        return errors.Any ? Problems.InvalidInput(errors) : null;
    }
}
