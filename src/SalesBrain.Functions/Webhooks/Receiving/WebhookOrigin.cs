using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>Where a delivery comes from.</summary>
public sealed record WebhookOrigin
{
    public required EventSource Source { get; init; }
    public required Guid OrganizationId { get; init; }

    /// <summary>Null for events that came through no endpoint.</summary>
    public Guid? EndpointId { get; init; }

    /// <summary>The endpoint's version that was allowed to receive, and that a delivery was verified against.</summary>
    public int? EndpointVersion { get; init; }

    /// <summary>The content type the bytes are read by, also when they are processed later.</summary>
    public string? ContentType { get; init; }

    /// <summary>The kept headers, a JSON object without secrets.</summary>
    public string Headers { get; init; } = "{}";

    /// <summary>The delivery's own id, see <see cref="SenderIdOf"/>.</summary>
    public string? SenderId { get; init; }

    /// <summary>Identifies the delivery if neither its sender nor its content does, so that storing it again stores nothing.</summary>
    public string? StandInId { get; init; }

    /// <summary>
    /// The id in a delivery's headers (<c>webhook-id</c>, else <c>Idempotency-Key</c>), made unique to the endpoint: two senders may number
    /// their deliveries alike. Null if there is none.
    /// </summary>
    public static string? SenderIdOf(Guid endpointId, Func<string, string?> header)
    {
        var id = header("webhook-id") is { } own && !string.IsNullOrWhiteSpace(own) ? own : header("idempotency-key");
        return string.IsNullOrWhiteSpace(id) ? null : $"{endpointId}:{id.Trim()}";
    }
}
