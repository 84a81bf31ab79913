using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Organizations;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes a user, for whoever may give both the role the user has and the one the user gets, where they hold.</summary>
public sealed class UpdateUser(RequestPipeline pipeline, SetPasswordMails mails)
{
    [Function(nameof(UpdateUser))]
    [Operation("Users", "Update a user", Description =
        "Only the fields that are sent change; null clears a field. A role of another level clears an agency or client that it "
        + "does not use. Callers cannot change their own role or status. The last active owner must stay an active owner. A new "
        + "e-mail address invalidates all links to choose a password. An invited user receives a new link at the new address; if "
        + "that e-mail cannot be sent, message says so.")]
    [Requires(Capability.ManageUsers)]
    [Returns(200, typeof(User))]
    [Problems("not_found", "conflict", "already_exists", "last_owner", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<UpdateUser, UpdateUserRequest>(request, (call, input) => ChangeAsync(call, userId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid userId, UpdateUserRequest input)
    {
        await using var session = await call.WriteAsync();
        var (found, refusal) = await ChangeableUser.LockAsync(call, session, userId);
        if (found is not { } before)
        {
            return refusal!;
        }
        var changed = input.ApplyTo(before) with { UpdatedAt = call.Now.UtcDateTime };
        if (ProblemOf(call.Caller, before, changed) is { } problem)
        {
            return problem;
        }
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
        var entry = call.AuditEntry("user.updated", "user", before.Id, before.OrganizationId, changes);
        var after = await Users.UpdateAsync(session, changed, entry, call.CancellationToken);
        if (after.EmailNorm == before.EmailNorm || after.Status != "invited")
        {
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        }
        var (token, organizationName) = await PasswordTokens.IssueInvitationAsync(session, after.OrganizationId, after.Id, call.Now, call.CancellationToken);
        await session.CommitAsync();
        var sent = await mails.SendInvitationAsync(after.Email, organizationName, token, call.Now);
        return EntityTags.ShowChanged(call, after, sent ? null : UserInvitation.NotSent);
    }

    private static Problem? ProblemOf(Caller caller, User before, User changed)
    {
        if (before.Id == caller.UserId && (before.Scope != changed.Scope || before.Status != changed.Status))
        {
            return Problems.Forbidden.Because("You cannot change your own role or status.");
        }
        if (before.Status == "invited" && changed.Status == "active")
        {
            return Problems.Conflict.Because("The user is invited and becomes active only by choosing a password.");
        }
        return UserPlace.ProblemOf(caller, changed.Scope);
    }
}

public sealed record UpdateUserRequest
{
    /// <summary>E-mail address for signing in. Unique.</summary>
    [Required]
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public Optional<string> Email { get; init; }

    [StringLength(100)]
    public Optional<string> FirstName { get; init; }

    [StringLength(100)]
    public Optional<string> LastName { get; init; }

    /// <summary>The role, by any of its names, in any letter case. Responses contain the canonical name.</summary>
    [Required]
    [StringLength(50)]
    [RoleName]
    public Optional<string> Role { get; init; }

    /// <summary>Required for agency roles.</summary>
    public Optional<Guid?> AgencyId { get; init; }

    /// <summary>Required for client roles.</summary>
    public Optional<Guid?> ClientId { get; init; }

    [Required]
    [AllowedValues("active", "disabled")]
    public Optional<string> Status { get; init; }

    /// <summary>The user with the sent fields applied.</summary>
    internal User ApplyTo(User user)
    {
        var role = Role.IsSet && Roles.TryParse(Role.Value, out var named) ? named : user.Scope.Role;
        var level = role.Level();
        return user with
        {
            Email = Email.TrimmedOr(user.Email)!,
            FirstName = FirstName.TrimmedOr(user.FirstName),
            LastName = LastName.TrimmedOr(user.LastName),
            Role = role.Name(),
            AgencyId = AgencyId.IsSet ? AgencyId.Value : level == RoleLevel.Agency ? user.AgencyId : null,
            ClientId = ClientId.IsSet ? ClientId.Value : level == RoleLevel.Client ? user.ClientId : null,
            Status = Status.Or(user.Status)!,
        };
    }
}
