using System.Diagnostics;
using System.Runtime.InteropServices;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Makes events of a delivery's elements and stores all of them or none. Every event enters the log here. All methods return after the
/// commit and throw <see cref="Npgsql.NpgsqlException"/> if the events could not be written.
/// </summary>
public sealed class WebhookStorage(WebhookGroupCommit groupCommit, TimeProvider clock)
{
    private const int MaxAttempts = 3;

    /// <summary>
    /// Stores elements of a delivery that was verified against the origin's endpoint version. Never
    /// <see cref="StorageResult.Refused"/>: the caller has asked <see cref="ReceivingRules"/>.
    /// </summary>
    public Task<StorageResult> StoreVerifiedAsync(
        WebhookOrigin origin, IReadOnlyList<WebhookBodyElement> elements, CancellationToken cancellationToken) =>
        Tracing.Source.HasListeners()
            ? StoreTracedAsync(origin, elements, cancellationToken)
            : StoreAsync(origin, elements, span: null, cancellationToken);

    /// <summary>
    /// Stores elements at an endpoint because a person trusts them: nothing is authenticated. The endpoint must be one that may receive.
    /// </summary>
    /// <param name="session">Where the endpoint is looked up. The events are stored in a transaction of their own.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="elements">What a sender would have delivered.</param>
    /// <param name="complete">Adds to the origin what is known of the delivery.</param>
    /// <param name="cancellationToken">Ends the wait; the events may still be stored.</param>
    public Task<StorageResult> StoreTrustedAsync(
        DatabaseSession session, Guid endpointId, IReadOnlyList<WebhookBodyElement> elements, Func<WebhookOrigin, WebhookOrigin> complete,
        CancellationToken cancellationToken) =>
        RetryWhileOutdatedAsync(async () =>
        {
            var endpoint = await ReceivingEndpoints.FindByIdAsync(session, endpointId, cancellationToken);
            if (ReceivingRules.RefusalOf(endpoint?.State) is { } refusal)
            {
                return new StorageResult.Refused(refusal);
            }
            var origin = new WebhookOrigin
            {
                Source = endpoint!.EventSource,
                OrganizationId = endpoint.OrganizationId,
                EndpointId = endpoint.Id,
                EndpointVersion = endpoint.Version,
                AuthMode = endpoint.AuthMode,
            };
            return await StoreVerifiedAsync(complete(origin), elements, cancellationToken);
        });

    /// <summary>Stores elements that belong to an organization but to no endpoint, so that nothing can refuse or outdate them.</summary>
    public async Task<IReadOnlyList<StoredWebhook>> StoreWithoutEndpointAsync(
        EventSource source, Guid organizationId, string contentType, IReadOnlyList<WebhookBodyElement> elements,
        CancellationToken cancellationToken)
    {
        var origin = new WebhookOrigin { Source = source, OrganizationId = organizationId, ContentType = contentType };
        return await StoreVerifiedAsync(origin, elements, cancellationToken) is StorageResult.Stored { Webhooks: var stored }
            ? stored
            : throw new UnreachableException("Events without an endpoint were not stored.");
    }

    /// <summary>
    /// Repeats an attempt while its result is <see cref="StorageResult.Outdated"/>, up to 3 attempts in all. The last result may still be
    /// that. Each attempt must read the endpoint from the database.
    /// </summary>
    internal static async Task<StorageResult> RetryWhileOutdatedAsync(Func<Task<StorageResult>> attemptAsync)
    {
        var result = await attemptAsync();
        for (var attempts = 1; result is StorageResult.Outdated && attempts < MaxAttempts; attempts++)
        {
            result = await attemptAsync();
        }
        return result;
    }

    /// <summary>Tells the person who trusts the events why they were not stored, as a sentence.</summary>
    internal static string ReasonOf(StorageResult result) => result switch
    {
        StorageResult.Refused { Refusal.Kind: RefusalKind.EndpointDeleted } => "The webhook endpoint was deleted.",
        StorageResult.Refused { Refusal.Kind: RefusalKind.OrganizationSuspended } => "The organization is suspended.",
        StorageResult.Refused { Refusal.Kind: RefusalKind.EndpointDisabled } => "The webhook endpoint is disabled.",
        StorageResult.Outdated => "The webhook endpoint is being changed.",
        StorageResult.Busy => "Too many deliveries of the organization are waiting.",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static ReceivedWebhook ToReceived(
        WebhookOrigin origin, WebhookBodyElement element, Guid? deliveryId, string? traceParent, DateTimeOffset now)
    {
        var (id, createdAt) = WebhookLogIds.Create(now);
        var webhookEvent = origin.Source.Read(element.Json);
        var context = origin.DedupeContext;
        var key = DedupeKey.Of(webhookEvent, context, element.Raw.Span, createdAt);
        var (deliveryIdKey, eventIdKey) = DedupeKey.OfIds(webhookEvent, context);
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
            DedupeKey = key.Value,
            KeyExpiresAt = createdAt + key.Lifetime,
            DeliveryIdKey = deliveryIdKey,
            EventIdKey = eventIdKey,
            ContentType = origin.ContentType,
            DeliveryId = deliveryId,
            Headers = deliveryId is null ? origin.Headers : null,
            Body = BytesOf(element.Raw),
            TraceParent = traceParent,
        };
    }

    private async Task<StorageResult> StoreTracedAsync(
        WebhookOrigin origin, IReadOnlyList<WebhookBodyElement> elements, CancellationToken cancellationToken)
    {
        using var span = Tracing.Source.StartActivity("commit webhook");
        span?.SetTag(Tracing.Organization, origin.OrganizationId.ToString())
            .SetTag(Tracing.EventSource, origin.Source.Name).SetTag(Tracing.EventCount, elements.Count);
        var result = await StoreAsync(origin, elements, span, cancellationToken);
        span?.SetTag(Tracing.Outcome, result switch
        {
            StorageResult.Stored { Webhooks: var stored } => stored.All(webhook => webhook.Duplicate) ? "duplicate" : "stored",
            StorageResult.Outdated => "outdated",
            _ => "busy",
        });
        return result;
    }

    private Task<StorageResult> StoreAsync(
        WebhookOrigin origin, IReadOnlyList<WebhookBodyElement> elements, Activity? span, CancellationToken cancellationToken)
    {
        var traceParent = Tracing.ParentForLater(span);
        var now = clock.GetUtcNow();
        var (deliveryId, _) = WebhookLogIds.Create(now);
        var received = new ReceivedWebhook[elements.Count];
        for (var i = 0; i < received.Length; i++)
        {
            received[i] = ToReceived(origin, elements[i], received.Length > 1 ? deliveryId : null, traceParent, now);
        }
        return groupCommit.StoreAsync(
            new ReceivedDelivery
            {
                Id = deliveryId,
                OrganizationId = origin.OrganizationId,
                Events = received,
                Headers = origin.Headers,
                IsLimited = origin.IsLimited,
                Span = span,
            },
            cancellationToken);
    }

    /// <summary>The bytes to store, not copied if they are a whole array already.</summary>
    private static byte[] BytesOf(ReadOnlyMemory<byte> raw) =>
        MemoryMarshal.TryGetArray(raw, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : raw.ToArray();
}
