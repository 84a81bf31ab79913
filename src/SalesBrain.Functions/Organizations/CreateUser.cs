using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Organizations;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Organizations;

/// <summary>Adds a user, for owners, admins, administrators of agencies and clients, and sb_admin: each within what their role may give.</summary>
public sealed class CreateUser(RequestPipeline pipeline, Passwords passwords, SetPasswordMails mails)
{
    [Function(nameof(CreateUser))]
    [Operation("Users", "Create a user", Description =
        "Without password the user is invited: they receive an e-mail with a link to choose one. If the e-mail cannot be sent, "
        + "message says so. With password the user is active immediately. A caller cannot grant a role above their own, or "
        + "outside their own organization, agency or client.")]
    [Requires(Capability.ManageUsers)]
    [Returns(201, typeof(User))]
    [Problems("already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/users")] HttpRequest request) =>
        pipeline.RunAsync<CreateUser, CreateUserRequest>(request, AddAsync);

    private async Task<IResult> AddAsync(Call call, CreateUserRequest input)
    {
        var granted = input.ScopeFor(call.Caller);
        if (UserPlace.ProblemOf(call.Caller, granted) is { } problem)
        {
            return problem;
        }
        if (input.Password is not null && PasswordRules.Problem(input.Password) is { } weakness)
        {
            return Problems.InvalidMember("password", weakness);
        }

        var user = new User
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = granted.OrganizationId,
            Email = input.Email.Trim(),
            FirstName = TrimmedText.Of(input.FirstName),
            LastName = TrimmedText.Of(input.LastName),
            Role = granted.Role.Name(),
            AgencyId = granted.AgencyId,
            ClientId = granted.ClientId,
            Status = input.Password is null ? "invited" : "active",
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        };
        // Before the transaction: hashing waits for its turn, and a connection should not.
        var hash = input.Password is null ? null : await passwords.HashAsync(input.Password, call.CancellationToken);
        await using var session = await call.WriteAsync();
        await Users.AddAsync(session, user, hash, call.CancellationToken);
        var added = (await Users.FindAsync(session, user.Id, call.CancellationToken))!;
        await call.AuditAsync(session, "user.created", "user", added.Id, added.OrganizationId, AuditedChanges.Created(added));
        if (hash is not null)
        {
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/users/{added.Id}", added);
        }
        var (token, organizationName) = await PasswordTokens.IssueInvitationAsync(session, added.OrganizationId, added.Id, call.Now, call.CancellationToken);
        await session.CommitAsync();
        var sent = await mails.SendInvitationAsync(added.Email, organizationName, token, call.Now);
        return EntityTags.ShowCreated(call, $"/api/v1/users/{added.Id}", added, sent ? null : UserInvitation.NotSent);
    }
}

public sealed record CreateUserRequest
{
    /// <summary>E-mail address for signing in. Unique.</summary>
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public required string Email { get; init; }

    [StringLength(100)]
    public string? FirstName { get; init; }

    [StringLength(100)]
    public string? LastName { get; init; }

    /// <summary>The role, by any of its names, in any letter case. Responses contain the canonical name.</summary>
    [StringLength(50)]
    [RoleName]
    public required string Role { get; init; }

    /// <summary>The organization of the user; null for platform roles. Callers inside an organization can omit it.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Required for agency roles. Callers who belong to an agency can omit it.</summary>
    public Guid? AgencyId { get; init; }

    /// <summary>Required for client roles. Callers who belong to a client can omit it.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>12 to 256 characters. If omitted, the user is invited to choose a password.</summary>
    [Accepts(MinLength = PasswordRules.MinLength, MaxLength = PasswordRules.MaxLength)]
    [StringLength(1024)]
    public string? Password { get; init; }

    /// <summary>The role and its scope. Ids that are not sent default to the caller's.</summary>
    internal RoleScope ScopeFor(Caller caller)
    {
        var role = Roles.TryParse(Role, out var named) ? named : default;
        var level = role.Level();
        return new(
            role,
            OrganizationId ?? (level == RoleLevel.Platform ? null : caller.OrganizationId),
            AgencyId ?? (level == RoleLevel.Agency ? caller.AgencyId : null),
            ClientId ?? (level == RoleLevel.Client ? caller.ClientId : null));
    }
}
