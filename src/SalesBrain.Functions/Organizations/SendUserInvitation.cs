using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Auth;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Functions.Organizations;

/// <summary>Mails an invited user a new link to choose a password, for whoever could give the user's role.</summary>
public sealed class SendUserInvitation(RequestPipeline pipeline, Invitations invitations)
{
    [Function(nameof(SendUserInvitation))]
    [Operation("Users", "Send an invited user a new invitation", Description =
        "The links of earlier invitations stop working. An address receives at most three invitations a day.")]
    [Requires(Capability.ManageUsers)]
    [Returns(200, typeof(SentInvitation))]
    [Problems("not_found", "conflict", "too_many_mails")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/users/{userId:guid}/invitation")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<SendUserInvitation>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var (found, refusal) = await ChangeableUser.LockAsync(call, session, userId);
            if (found is not { } user)
            {
                return refusal!;
            }
            if (user.Status != "invited")
            {
                return Problems.Conflict.Because(
                    $"The user's status is {user.Status}. Only users with status invited can be sent an invitation.");
            }
            var (token, organizationName) = await PasswordTokens.IssueInvitationAsync(
                session, user.OrganizationId, user.Id, call.Now, call.CancellationToken);
            await call.AuditAsync(session, "user.invited", "user", user.Id, user.OrganizationId, new { });
            if (await invitations.CountAsync(user.Email, call) is { } limit)
            {
                return limit;
            }
            await session.CommitAsync();
            var sent = await invitations.SendAsync(user.Email, organizationName, token, call.Now);
            return ApiResults.Ok(
                new SentInvitation
                {
                    Id = user.Id,
                    Email = user.Email,
                    Sent = sent,
                    ExpiresAt = (call.Now + PasswordTokens.InvitationLifetime).UtcDateTime,
                },
                sent ? null : UserInvitation.NotSent);
        });
}

public sealed record SentInvitation
{
    public required Guid Id { get; init; }

    /// <summary>The address the invitation was sent to.</summary>
    public required string Email { get; init; }

    /// <summary>False if the e-mail could not be sent.</summary>
    public required bool Sent { get; init; }

    /// <summary>When the link expires.</summary>
    public required DateTime ExpiresAt { get; init; }
}
