namespace SalesBrain.Tests.App;

/// <summary>Notifications, made straight in the database.</summary>
public static class NotificationWorld
{
    public const string Notifications = "/api/v1/notifications";

    public static Task<Guid> CreateNotificationAsync(
        this TestApp app, TestUser user, string title = "Title", DateTime? createdAt = null, DateTime? readAt = null) =>
        app.QuerySingleAsync<Guid>("""
            insert into app.notification (id, organization_id, user_id, type, title, body, burst_key, burst_at, created_at, read_at)
            values (@id, @OrganizationId, @userId, 'email.replied', @title, 'Body', @key, @at, @at, @readAt)
            returning id
            """, new
        {
            id = Guid.CreateVersion7(),
            user.OrganizationId,
            userId = user.Id,
            title,
            key = $"{Guid.NewGuid()}",
            at = createdAt ?? DateTime.UtcNow,
            readAt,
        });
}
