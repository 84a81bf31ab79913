using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Notifications;

namespace SalesBrain.Functions.Notifications;

/// <summary>Lists the caller's own notifications.</summary>
public sealed class ListNotifications(RequestPipeline pipeline)
{
    [Function(nameof(ListNotifications))]
    [Operation(
        "Notifications", "List your notifications", Description = "Newest first by default. Notifications are deleted after 90 days.")]
    [SignedIn]
    [Returns(200, typeof(Listing<Notification>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/notifications")] HttpRequest request) =>
        pipeline.RunAsync<ListNotifications, ListNotificationsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, UserNotifications.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var (rows, total) = await UserNotifications.ListAsync(
                call.Read(), call.Caller.UserId, input.Unread, start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListNotificationsRequest : V1List<NotificationSort>
{
    /// <summary>Only unread notifications.</summary>
    public bool Unread { get; init; }
}
