using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Verification;

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

    /// <summary>The mode by which the endpoint authenticates deliveries; null for events that came through no endpoint.</summary>
    public string? AuthMode { get; init; }

    /// <summary>The delivery's own id, where it may be trusted (<see cref="DeliveryIds"/>).</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Identifies the delivery if neither its sender nor its content does, so that storing it again stores nothing.</summary>
    public string? StandInId { get; init; }

    /// <summary>Whether it is refused while the organization has too much waiting. False for what a person sends.</summary>
    public bool IsLimited { get; init; }

    /// <summary>
    /// What decides about duplicates. An event counts as verified where a person vouches for it instead of a secret or signature: it is
    /// then a duplicate of what the sender delivers.
    /// </summary>
    public DedupeContext DedupeContext => new(EndpointId, AuthMode != AuthenticationModes.Token, DeliveryId, StandInId);
}
