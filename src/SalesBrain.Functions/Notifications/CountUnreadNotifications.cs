using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Notifications;

namespace SalesBrain.Functions.Notifications;

/// <summary>Counts the caller's unread notifications.</summary>
public sealed class CountUnreadNotifications(RequestPipeline pipeline)
{
    [Function(nameof(CountUnreadNotifications))]
    [Operation("Notifications", "Count your unread notifications")]
    [SignedIn]
    [Returns(200, typeof(NotificationCount))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/notifications/unread-count")] HttpRequest request) =>
        pipeline.RunAsync<CountUnreadNotifications>(request, async call => ApiResults.Ok(new NotificationCount(
            await UserNotifications.CountUnreadAsync(call.Read(), call.Caller.UserId, call.CancellationToken))));
}

/// <summary>A number of notifications.</summary>
public sealed record NotificationCount(long Count);
