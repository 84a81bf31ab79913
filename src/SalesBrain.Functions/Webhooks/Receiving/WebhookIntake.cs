using System.Runtime.InteropServices;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Converts the elements of a delivery to events and stores them. Used by receivers, re-admitted deliveries, tests and manual events.
/// </summary>
public sealed class WebhookIntake(WebhookGroupCommit ingest, TimeProvider clock)
{
    /// <summary>
    /// Stores all elements or none and returns after the commit. Null if the endpoint has changed since it was read. Throws
    /// <see cref="Npgsql.NpgsqlException"/> if they could not be written.
    /// </summary>
    public Task<IReadOnlyList<StoredWebhook>?> StoreAsync(
        WebhookOrigin origin, IReadOnlyList<WebhookBodyElement> elements, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var received = new ReceivedWebhook[elements.Count];
        for (var i = 0; i < received.Length; i++)
        {
            received[i] = ToReceived(origin, elements[i], i, now);
        }
        return ingest.StoreAsync(received, cancellationToken);
    }

    private static ReceivedWebhook ToReceived(WebhookOrigin origin, WebhookBodyElement element, int index, DateTimeOffset now)
    {
        var (id, createdAt) = WebhookLogIds.Create(now);
        var webhookEvent = origin.Source.Read(element.Json);
        return new ReceivedWebhook
        {
            Id = id,
            OrganizationId = origin.OrganizationId,
            EndpointId = origin.EndpointId,
            EndpointVersion = origin.EndpointVersion,
            EventSource = origin.Source.Name,
            EventType = webhookEvent.EventType,
            RawEventType = webhookEvent.RawEventType,
            CampaignExternalId = webhookEvent.CampaignKey,
            CampaignName = webhookEvent.CampaignName,
            ContactEmail = webhookEvent.ContactEmail,
            ContactEmailNorm = webhookEvent.EmailNorm,
            Status = WebhookEventRules.Decide(webhookEvent).IsIgnored ? "ignored" : "pending",
            OccurredAt = webhookEvent.OccurredAt(createdAt),
            CreatedAt = createdAt,
            DedupeKey = DedupeKey.Of(webhookEvent, origin.SenderId, index) ?? DedupeKey.Of(webhookEvent, origin.StandInId, index),
            ContentType = origin.ContentType,
            Headers = origin.Headers,
            Body = BytesOf(element.Raw),
        };
    }

    /// <summary>The bytes to store, not copied where they are a whole array already.</summary>
    private static byte[] BytesOf(ReadOnlyMemory<byte> raw) =>
        MemoryMarshal.TryGetArray(raw, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : raw.ToArray();
}

/// <summary>The origin of a delivery.</summary>
public sealed record WebhookOrigin
{
    public required EventSource Source { get; init; }
    public required Guid OrganizationId { get; init; }

    /// <summary>Null for events without an endpoint.</summary>
    public Guid? EndpointId { get; init; }

    /// <summary>The version the delivery was verified against.</summary>
    public int? EndpointVersion { get; init; }

    /// <summary>The content type for parsing the bytes, now and when they are processed later.</summary>
    public string? ContentType { get; init; }

    /// <summary>The kept headers, a JSON object without secrets.</summary>
    public string Headers { get; init; } = "{}";

    /// <summary>The delivery's own id, see <see cref="SenderIdOf"/>.</summary>
    public string? SenderId { get; init; }

    /// <summary>
    /// A substitute id for deliveries that neither their sender nor their content identifies, so that storing them again creates no
    /// duplicates.
    /// </summary>
    public string? StandInId { get; init; }

    /// <summary>
    /// The id in a delivery's headers (<c>webhook-id</c>, or <c>Idempotency-Key</c>), prefixed per endpoint because two senders can use the
    /// same ids. Null if there is none.
    /// </summary>
    public static string? SenderIdOf(Guid endpointId, Func<string, string?> header)
    {
        var id = header("webhook-id") is { } own && !string.IsNullOrWhiteSpace(own) ? own : header("idempotency-key");
        return string.IsNullOrWhiteSpace(id) ? null : $"{endpointId}:{id.Trim()}";
    }
}
