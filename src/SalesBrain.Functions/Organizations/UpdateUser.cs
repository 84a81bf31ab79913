using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Organizations;

/// <summary>Changes a user. For callers who may grant both the role that the user has and the role that the user gets.</summary>
public sealed class UpdateUser(
    RequestPipeline pipeline, SalesBrainDatabase database, SignInCheck check, SessionGuard sessions, Invitations invitations, EmailChangeMails mails)
{
    private const string Pending = "The new e-mail address counts once it is confirmed with the link that was e-mailed to it.";
    private const string PendingNotSent = "The link to confirm the new e-mail address could not be e-mailed. To send it "
        + "again, repeat the request.";

    [Function(nameof(UpdateUser))]
    [Operation("Users", "Update a user", Description =
        "Only the fields that are sent change; null clears a field. A role of another level clears an agency or client that it "
        + "does not use. Callers cannot change their own role or status. The last active owner must stay an active owner. A new "
        + "e-mail address is shown as pending_email and counts once it is confirmed with the link that is e-mailed to it; the old "
        + "address is told. Callers who change their own address must send current_password. Changing another user's address ends "
        + "that user's sessions. Sending the present address cancels a pending change. The new address of an invited user counts "
        + "at once: earlier links stop working, and the user receives an invitation at the new address. If an e-mail cannot be "
        + "sent, message says so.")]
    [Requires(Capability.ManageUsers)]
    [Returns(200, typeof(User))]
    [Problems(
        "not_found", "conflict", "already_exists", "last_owner", "changed_meanwhile", "too_many_attempts", "password_checks_busy", "too_many_mails")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<UpdateUser, UpdateUserRequest>(request, (call, input) => ChangeAsync(call, userId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid userId, UpdateUserRequest input)
    {
        // Before the transaction: a password check waits for its turn, and a connection should not.
        var (proof, unproven) = await CheckOwnPasswordAsync(call, userId, input);
        if (unproven is not null)
        {
            return unproven;
        }
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
        var newEmail = input.NewEmailFor(before);
        if (newEmail is not null && await RefuseEmailAsync(call, before, newEmail, proof) is { } unusable)
        {
            return unusable;
        }
        var changes = AuditedChanges.Between(before, changed);
        if (changes.AreEmpty && newEmail is null)
        {
            // No new version: copies that callers hold stay current.
            return EntityTags.ShowChanged(call, before);
        }
        // Without a difference, the link to confirm the pending address is sent again.
        var action = changes.AreEmpty ? "user.email_change_resent" : "user.updated";
        var after = await Users.UpdateAsync(
            session, changed, call.AuditEntry(action, "user", before.Id, before.OrganizationId, changes), call.CancellationToken);
        if (newEmail is not null)
        {
            return await RequestEmailAsync(call, session, after, newEmail);
        }
        if (before.PendingEmail is not null && after.PendingEmail is null)
        {
            await EmailChanges.CancelAsync(session, after.OrganizationId, after.Id, call.CancellationToken);
        }
        if (after.EmailNorm == before.EmailNorm || after.Status != "invited")
        {
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        }
        var (token, organizationName) = await PasswordTokens.IssueInvitationAsync(
            session, after.OrganizationId, after.Id, call.Now, call.CancellationToken);
        if (await invitations.CountAsync(after.Email, call) is { } limit)
        {
            return limit;
        }
        await session.CommitAsync();
        var sent = await invitations.SendAsync(after.Email, organizationName, token, call.Now);
        return EntityTags.ShowChanged(call, after, sent ? null : UserInvitation.NotSent);
    }

    /// <summary>
    /// Callers who change their own address must know their password: an access token alone must not be enough to take over the account.
    /// Returns the successful check, or the problem; neither if the caller changes something else.
    /// </summary>
    private async Task<(CheckedSignIn? Proof, Problem? Problem)> CheckOwnPasswordAsync(Call call, Guid userId, UpdateUserRequest input)
    {
        if (userId != call.Caller.UserId || !input.Email.IsSet || !RoleRules.MayGrant(call.Caller.Scope, call.Caller.Scope))
        {
            return (null, null);
        }
        if (await Users.FindAsync(call.Read(), userId, call.CancellationToken) is not { } user || input.NewEmailFor(user) is not { } email)
        {
            return (null, null);
        }
        if (input.CurrentPassword is null)
        {
            return (null, Problems.InvalidMember("current_password", "is required to change your own e-mail address"));
        }
        if (ProblemOf(call.Caller, user, input.ApplyTo(user)) is { } problem)
        {
            return (null, problem);
        }
        if (await SignInAccounts.IsTakenAsync(database.ReadPlatform(), Emails.Normalize(email), call.CancellationToken))
        {
            return (null, EmailTaken);
        }
        var proof = await check.CheckAsync(user.EmailNorm, input.CurrentPassword, call.RemoteAddress, call.CancellationToken);
        return proof.Refusal is { } refusal ? (null, refusal)
            : proof.User is null ? (null, SignInCheck.WrongPassword)
            : (proof, null);
    }

    /// <summary>Checks a new address under the lock on the user, which keeps the password from changing meanwhile.</summary>
    private async Task<Problem?> RefuseEmailAsync(Call call, User before, string newEmail, CheckedSignIn? proof)
    {
        if (before.Id == call.Caller.UserId
            && proof?.StillHolds(await SignInAccounts.FindSignInAsync(database.ReadPlatform(), before.EmailNorm, call.CancellationToken)) != true)
        {
            return SignInCheck.WrongPassword;
        }
        return await SignInAccounts.IsTakenAsync(database.ReadPlatform(), Emails.Normalize(newEmail), call.CancellationToken)
            ? EmailTaken
            : null;
    }

    private async Task<IResult> RequestEmailAsync(Call call, DatabaseSession session, User user, string newEmail)
    {
        var byTheUser = user.Id == call.Caller.UserId;
        var token = await EmailChanges.RequestAsync(session, new NewEmailChange
        {
            UserId = user.Id,
            OrganizationId = user.OrganizationId,
            Email = newEmail,
            EmailNorm = Emails.Normalize(newEmail),
            RequestedBy = call.Caller.UserId,
        }, call.Now, call.CancellationToken);
        if (await mails.CountAsync(user.Email, newEmail, call) is { } limit)
        {
            return limit;
        }
        await session.CommitAsync();
        if (!byTheUser)
        {
            // The database has ended them.
            sessions.Forget(user.Id);
        }
        var sent = await mails.SendConfirmationAsync(newEmail, token, call.Now);
        await mails.SendNoticeAsync(user.Email, byTheUser);
        return EntityTags.ShowChanged(call, user, sent ? Pending : PendingNotSent);
    }

    private static Problem EmailTaken => Problems.AlreadyExists.Because("A user with this e-mail address already exists.");

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

// A class, not a record: a record's ToString would print the password.
public sealed class UpdateUserRequest
{
    /// <summary>E-mail address for signing in. Unique. A new address has to be confirmed.</summary>
    [Required]
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public Optional<string> Email { get; init; }

    [StringLength(100)]
    [NameText]
    public Optional<string> FirstName { get; init; }

    [StringLength(100)]
    [NameText]
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

    /// <summary>Required for callers who change their own e-mail address.</summary>
    [StringLength(1024)]
    public string? CurrentPassword { get; init; }

    /// <summary>
    /// The e-mail address that becomes pending; null if there is none. The new address of an invited user counts at once.
    /// </summary>
    internal string? NewEmailFor(User user) =>
        user.Status != "invited" && Emails.Shown(Email.Or(user.Email)) is { } email && Emails.Normalize(email) != user.EmailNorm
            ? email
            : null;

    /// <summary>The user with the sent fields applied.</summary>
    internal User ApplyTo(User user)
    {
        var role = Role.IsSet && Roles.TryParse(Role.Value, out var named) ? named : user.Scope.Role;
        var level = role.Level();
        var status = Status.Or(user.Status)!;
        var pending = NewEmailFor(user);
        return user with
        {
            Email = pending is null && Email.IsSet ? Emails.Shown(Email.Value)! : user.Email,
            // Sending the present address cancels a pending change, as disabling does.
            PendingEmail = pending ?? (Email.IsSet || status == "disabled" ? null : user.PendingEmail),
            FirstName = FirstName.TrimmedOr(user.FirstName),
            LastName = LastName.TrimmedOr(user.LastName),
            Role = role.Name(),
            AgencyId = AgencyId.IsSet ? AgencyId.Value : level == RoleLevel.Agency ? user.AgencyId : null,
            ClientId = ClientId.IsSet ? ClientId.Value : level == RoleLevel.Client ? user.ClientId : null,
            Status = status,
        };
    }
}
