using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Notifications;

namespace SalesBrain.Functions.Notifications;

/// <summary>Marks one of the caller's notifications as read.</summary>
public sealed class ReadNotification(RequestPipeline pipeline)
{
    [Function(nameof(ReadNotification))]
    [Operation("Notifications", "Mark a notification as read", Description = "A notification that is read already stays as it is.")]
    [SignedIn]
    [Returns(200, typeof(Notification))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/notifications/{notificationId:guid}/read")] HttpRequest request,
        Guid notificationId) =>
        pipeline.RunAsync<ReadNotification>(request, async call =>
            await UserNotifications.ReadAsync(call.AutoCommit(), call.Caller.UserId, notificationId, call.Now.UtcDateTime, call.CancellationToken)
                is { } notification ? ApiResults.Ok(notification) : Problems.NotFound);
}
