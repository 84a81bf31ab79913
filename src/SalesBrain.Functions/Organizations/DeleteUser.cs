using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Disables a user. Rows that refer to the user stay. For callers who can grant the user's role.</summary>
public sealed class DeleteUser(RequestPipeline pipeline, TimeProvider clock)
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
            var (found, refusal) = await ManagedUser.LockAsync(session, call.Caller, userId, call.CancellationToken);
            if (found is not { } before)
            {
                return refusal!;
            }
            if (userId == call.Caller.UserId)
            {
                return Problems.Forbidden.Because("You cannot disable yourself.");
            }
            var now = clock.GetUtcNow();
            var changed = before with { Status = "disabled", UpdatedAt = now.UtcDateTime };
            if (!await Users.UpdateAsync(session, changed, EntityTags.ExpectedVersions(call, userId), call.CancellationToken))
            {
                return Problems.ChangedMeanwhile;
            }
            var after = (await Users.FindAsync(session, userId, call.CancellationToken))!;
            if (before.Status == "disabled")
            {
                return EntityTags.ShowChanged(call, before);
            }
            await Users.EndPasswordLinksAsync(session, after, call.CancellationToken);
            await CrmAudit.WriteAsync(
                session, call, "user.disabled", "user", userId, after.OrganizationId, now,
                new { before = new { status = before.Status }, after = new { status = after.Status } });
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}
