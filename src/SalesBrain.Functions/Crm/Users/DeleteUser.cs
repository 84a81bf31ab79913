using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Disables a user for good, for whoever could give the user's role: rows that name the user stay.</summary>
public sealed class DeleteUser(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(DeleteUser))]
    [Endpoint("Users", "Disables a user",
        Description = "The user stays, disabled, because other things name them; PUT with status active brings them back. Nobody disables themselves, and the last "
            + "active owner stays.")]
    [Requires(Capability.ManageUsers)]
    [Answers(200, typeof(User))]
    [Problems("not_found", "last_owner", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<DeleteUser>(request, async (call, token) =>
        {
            await using var session = await call.WriteAsync(token);
            var (found, refusal) = await ManagedUser.LockAsync(session, call.Caller, userId, token);
            if (found is not { } before)
            {
                return refusal!;
            }
            if (userId == call.Caller.UserId)
            {
                return Problems.Forbidden.Because("Nobody may disable themselves.");
            }
            var now = clock.GetUtcNow();
            var changed = before with { Status = "disabled", UpdatedAt = now.UtcDateTime };
            if (!await UserAccounts.UpdateAsync(session, changed, EntityTags.ExpectedVersions(call, userId), token))
            {
                return Problems.ChangedMeanwhile;
            }
            var after = (await UserAccounts.FindAsync(session, userId, token))!;
            if (before.Status == "disabled")
            {
                return EntityTags.ShowChanged(call, before);
            }
            await UserAccounts.EndPasswordLinksAsync(session, after, token);
            await CrmAudit.WriteAsync(
                session, call, "user.disabled", "user", userId, after.OrganizationId, now,
                new { before = new { status = before.Status }, after = new { status = after.Status } }, token);
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        }, cancellationToken);
}
