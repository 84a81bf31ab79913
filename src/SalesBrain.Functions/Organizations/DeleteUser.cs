using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Disables a user for good, for whoever could give the user's role: rows that name the user stay.</summary>
public sealed class DeleteUser(RequestPipeline pipeline)
{
    [Function(nameof(DeleteUser))]
    [Operation("Users", "Disable a user", Description =
        "The user is disabled and not deleted, because other records refer to them. To enable the user again, send PUT with "
        + "status active. Callers cannot disable themselves or the last active owner.")]
    [Requires(Capability.ManageUsers)]
    [Returns(200, typeof(User))]
    [Problems("not_found", "last_owner", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<DeleteUser>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var (found, refusal) = await ChangeableUser.LockAsync(call, session, userId);
            if (found is not { } before)
            {
                return refusal!;
            }
            if (userId == call.Caller.UserId)
            {
                return Problems.Forbidden.Because("You cannot disable yourself.");
            }
            if (!EntityTags.Match(call, before))
            {
                return Problems.ChangedMeanwhile;
            }
            var changed = before with { Status = "disabled", PendingEmail = null, UpdatedAt = call.Now.UtcDateTime };
            var changes = AuditedChanges.Between(before, changed);
            if (changes.AreEmpty)
            {
                return EntityTags.ShowChanged(call, before);
            }
            var entry = call.AuditEntry("user.disabled", "user", userId, before.OrganizationId, changes);
            var after = await Users.UpdateAsync(session, changed, entry, call.CancellationToken);
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}
