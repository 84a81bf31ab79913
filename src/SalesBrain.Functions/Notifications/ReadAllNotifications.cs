using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Notifications;

namespace SalesBrain.Functions.Notifications;

/// <summary>Marks all of the caller's notifications as read.</summary>
public sealed class ReadAllNotifications(RequestPipeline pipeline)
{
    [Function(nameof(ReadAllNotifications))]
    [Operation("Notifications", "Mark all your notifications as read", Description = "Returns how many were unread.")]
    [SignedIn]
    [Returns(200, typeof(NotificationCount))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/notifications/read-all")] HttpRequest request) =>
        pipeline.RunAsync<ReadAllNotifications>(request, async call => ApiResults.Ok(new NotificationCount(
            await UserNotifications.ReadAllAsync(call.AutoCommit(), call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken))));
}
