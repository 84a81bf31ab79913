using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Notifications;

/// <summary>A message to one user about something that happened. A burst of equal ones is one notification with a count.</summary>
public sealed record Notification : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    /// <summary>What happened, such as <c>email.replied</c> or <c>contact.assigned</c>.</summary>
    public string Type { get; init; } = "";
    public string Title { get; init; } = "";
    public string Body { get; init; } = "";

    /// <summary>What the notification is about, such as <c>lead</c>; null if it is about no single thing.</summary>
    public string? LinkEntity { get; init; }

    /// <summary>The id of what the notification is about. It may have been deleted since.</summary>
    public Guid? LinkId { get; init; }

    /// <summary>Further data, as a JSON object.</summary>
    public JsonElement Data { get; init; }

    /// <summary>How many events the notification stands for: those of one type and campaign within ten minutes.</summary>
    public int Count { get; init; }

    /// <summary>Null while the notification is unread. A further event of the burst makes it unread again.</summary>
    public DateTime? ReadAt { get; init; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>Sort keys of notifications.</summary>
public enum NotificationSort
{
    CreatedAt,
}
