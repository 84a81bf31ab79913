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

/// <summary>
/// Adds a user, for owners, admins, administrators of agencies and clients, and sb_admin: each within what their role may give.
/// </summary>
public sealed class CreateUser(RequestPipeline pipeline, Passwords passwords, Invitations invitations)
{
    [Function(nameof(CreateUser))]
    [Operation("Users", "Create a user", Description =
        "Without password the user is invited: they receive an e-mail with a link to choose one. If the e-mail cannot be sent, "
        + "message says so. An address receives at most three invitations a day. With password the user is active immediately. A caller "
        + "cannot grant a role above their own, or outside their own organization, agency or client.")]
    [Requires(Capability.ManageUsers)]
    [Returns(201, typeof(User))]
    [Problems("already_exists", "too_many_mails", "password_checks_busy")]
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
            Email = Emails.Shown(input.Email),
            FirstName = TrimmedText.Of(input.FirstName),
            LastName = TrimmedText.Of(input.LastName),
            Role = granted.Role.Name(),
            AgencyId = granted.AgencyId,
            ClientId = granted.ClientId,
            Status = input.Password is null ? "invited" : "active",
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        };
        string? hash = null;
        if (input.Password is not null)
        {
            // Before the transaction: hashing waits for its turn, and a connection should not.
            await RefuseEarlyAsync(call, user);
            var keys = new AttemptSubject($"{call.Caller.UserId}", call.RemoteAddress).KeysOf(call.Caller.OrganizationId);
            hash = await passwords.HashAsync(input.Password, keys, call.CancellationToken);
            if (hash is null)
            {
                return Problems.PasswordChecksBusy;
            }
        }
        await using var session = await call.WriteAsync();
        await Users.AddAsync(session, user, hash, call.CancellationToken);
        var added = (await Users.FindAsync(session, user.Id, call.CancellationToken))!;
        await call.AuditAsync(session, "user.created", "user", added.Id, added.OrganizationId, AuditedChanges.Created(added));
        if (hash is not null)
        {
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/users/{added.Id}", added);
        }
        var (token, organizationName) = await PasswordTokens.IssueInvitationAsync(
            session, added.OrganizationId, added.Id, call.Now, call.CancellationToken);
        if (await invitations.CountAsync(added.Email, call) is { } refusal)
        {
            return refusal;
        }
        await session.CommitAsync();
        var sent = await invitations.SendAsync(added.Email, organizationName, token, call.Now);
        return EntityTags.ShowCreated(call, $"/api/v1/users/{added.Id}", added, sent ? null : UserInvitation.NotSent);
    }

    /// <summary>
    /// Adds the user and takes them back, so that everything the database would refuse (an address that is taken, an agency of another
    /// organization) is refused before a hash is computed.
    /// </summary>
    private static async Task RefuseEarlyAsync(Call call, User user)
    {
        await using var trial = await call.WriteAsync();
        await Users.AddAsync(trial, user, null, call.CancellationToken);
    }
}

public sealed record CreateUserRequest
{
    /// <summary>E-mail address for signing in. Unique.</summary>
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public required string Email { get; init; }

    [StringLength(100)]
    [NameText]
    public string? FirstName { get; init; }

    [StringLength(100)]
    [NameText]
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
    [Verbatim]
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
