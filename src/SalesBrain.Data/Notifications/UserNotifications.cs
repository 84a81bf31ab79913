using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Notifications;

/// <summary>The notifications of one user; nobody reads those of others.</summary>
public static class UserNotifications
{
    private const string Columns = "n.id, n.type, n.title, n.body, n.link_entity, n.link_id, n.data, n.count, n.read_at, n.created_at";

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(NotificationSort sort) => sort switch
    {
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the user's notifications, and how many there are in all.</summary>
    public static Task<(List<Notification> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, Guid userId, bool unread, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Notification>(session, ListStatement(SessionScope.Of(session), userId, unread, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, Guid userId, bool unread, PageStart start) =>
        new PageQuery(
            "notification",
            "(@org::uuid is null or t.organization_id = @org) and t.user_id = @userId and (not @unread or t.read_at is null)",
            start)
            .ToStatement(Columns, "join app.notification n on n.id = p.id", new { org = scope.OrganizationId, userId, unread });

    /// <summary>The number of the user's unread notifications.</summary>
    public static Task<long> CountUnreadAsync(DatabaseSession session, Guid userId, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>("""
            select count(*) from app.notification n
            where (@org::uuid is null or n.organization_id = @org) and n.user_id = @userId and n.read_at is null
            """, new { org = session.OrganizationId, userId }, cancellationToken);

    /// <summary>
    /// Marks one of the user's notifications as read and returns it; null if the user has none with the id. One that is read keeps its
    /// time.
    /// </summary>
    public static Task<Notification?> ReadAsync(
        DatabaseSession session, Guid userId, Guid notificationId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Notification>($"""
            update app.notification n set read_at = coalesce(n.read_at, @now)
            where (@org::uuid is null or n.organization_id = @org) and n.user_id = @userId and n.id = @notificationId
            returning {Columns}
            """, new { org = session.OrganizationId, userId, notificationId, now }, cancellationToken);

    /// <summary>
    /// Marks the user's unread notifications as read; returns how many there were. Locks them in the order in which app.notify_of_events
    /// writes, so that parallel callers wait instead of deadlocking.
    /// </summary>
    public static Task<int> ReadAllAsync(DatabaseSession session, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with locked as (
                select n.organization_id, n.id
                from app.notification n
                where (@org::uuid is null or n.organization_id = @org) and n.user_id = @userId and n.read_at is null
                order by n.type, nullif(n.burst_key, '') collate "C" nulls last, n.burst_at
                for no key update
            )
            update app.notification n set read_at = @now
            from locked l
            where n.organization_id is not distinct from l.organization_id and n.id = l.id
            """, new { org = session.OrganizationId, userId, now }, cancellationToken);

    /// <summary>Deletes notifications that are older than a time, at most <paramref name="most"/>; returns how many it deleted.</summary>
    public static Task<int> DeleteOldAsync(PlatformSession session, DateTime before, int most, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.notification n
            where n.id in (
                select o.id from app.notification o where o.created_at < @before order by o.created_at limit @most for update skip locked)
            """, new { before, most }, cancellationToken);
}
