using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Rejections;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Receives a delivery: finds the endpoint by its token, reads the raw bytes, verifies them, stores their events and answers. A refused
/// delivery of a known endpoint is kept as a rejection.
/// </summary>
public sealed class WebhookReceiver(
    WebhookEndpointCache endpoints, WebhookStorage storage, LargeBodyTurns turns, RejectionRecorder rejections, TimeProvider clock, ILogger<WebhookReceiver> log)
{
    /// <summary>Senders time out after a few seconds to half a minute, so a later response is useless.</summary>
    public const int TimeLimitSeconds = 20;

    public const string Description =
        "Returns 200 after the event is stored durably, also for unknown event types, unknown campaigns and duplicates. "
        + "The body is a JSON object, a JSON array of 1 to 1,000 objects (one event each, all or nothing), or a form. Usual wrappers "
        + "are opened. Its limit is 1 MiB. "
        + "429 means that too many deliveries of the organization are waiting: nothing is stored, send it again.";

    /// <summary>Maximum length of a token. Longer ones are not looked up.</summary>
    private const int MaxTokenLength = 200;

    public async Task<IResult> ReceiveAsync(Call call, string source, string token)
    {
        var request = call.Request;
        if (token.Length is 0 or > MaxTokenLength || EventSources.Find(source) is not { Receives: true } eventSource
            || await endpoints.FindAsync(eventSource.Name, token, fresh: false, call.CancellationToken) is not { } endpoint)
        {
            return Problems.NotFound;
        }
        Activity.Current?.SetTag(Tracing.Organization, endpoint.Row.OrganizationId.ToString())
            .SetTag(Tracing.EventSource, endpoint.Row.Source);
        byte[] head = [];
        var body = await RequestBody.ReadAsync(request, RequestBody.DefaultLimit, call.CancellationToken, bytes => head = bytes);
        using var delivery = new WebhookDelivery(call, body ?? head, body is null);

        var result = await AttemptAsync(delivery, endpoint);
        if (result is StorageResult.Outdated or StorageResult.Refused)
        {
            // The cached endpoint may be outdated: a refusal is final only with an endpoint that was just read.
            result = await StoreOrRefuseAsync(delivery, eventSource, token);
        }
        return result switch
        {
            StorageResult.Stored { Webhooks: var stored } when delivery.IsArray =>
                ApiResults.Ok(stored.Select(WebhookReceipt.Of).ToArray()),
            StorageResult.Stored { Webhooks: var stored } => ApiResults.Ok(WebhookReceipt.Of(stored[0])),
            StorageResult.Refused { Refusal: var refusal } => ProblemOf(refusal),
            StorageResult.Busy => Problems.TooManyDeliveries,
            // Every attempt found that the endpoint had just been changed. The sender retries.
            _ => Problems.DatabaseUnavailable,
        };
    }

    /// <summary>Stores the delivery, or refuses it, with an endpoint that was just read.</summary>
    private Task<StorageResult> StoreOrRefuseAsync(WebhookDelivery delivery, EventSource source, string token) =>
        WebhookStorage.RetryWhileOutdatedAsync(async () =>
        {
            var cancellationToken = delivery.Call.CancellationToken;
            if (await endpoints.FindAsync(source.Name, token, fresh: true, cancellationToken) is not { } endpoint)
            {
                return new StorageResult.Refused(WebhookRefusal.Deleted);
            }
            var result = await AttemptAsync(delivery, endpoint);
            if (result is StorageResult.Refused { Refusal: var refusal })
            {
                await rejections.RecordAsync(RejectionOf(delivery, endpoint, refusal), cancellationToken);
                log.LogInformation(
                    "Refused a delivery to endpoint {EndpointId} of organization {OrganizationId}: {Cause}",
                    endpoint.Row.Id, endpoint.Row.OrganizationId, refusal.Cause);
            }
            return result;
        });

    /// <summary>
    /// Verifies, reads and stores the delivery. Organizations take turns in reading large bodies, so that many of one organization do not
    /// keep the processors from everybody else's.
    /// </summary>
    private async Task<StorageResult> AttemptAsync(WebhookDelivery delivery, KnownEndpoint endpoint)
    {
        Task<StorageResult> storing;
        using (var turn = await turns.EnterAsync(endpoint.Row.OrganizationId, delivery.Bytes.Length, delivery.Call.CancellationToken))
        {
            if (turn is null)
            {
                return new StorageResult.Busy();
            }
            if (FindTracedRefusal(delivery, endpoint) is { } refusal)
            {
                return new StorageResult.Refused(refusal);
            }
            storing = StoreAsync(delivery, endpoint);
        }
        return await storing;
    }

    private WebhookRefusal? FindTracedRefusal(WebhookDelivery delivery, KnownEndpoint endpoint)
    {
        using var span = Tracing.Source.StartActivity("verify webhook");
        var refusal = FindRefusal(delivery, endpoint);
        span?.SetTag(Tracing.AuthMode, endpoint.Authentication.Mode).SetTag(Tracing.Outcome, refusal?.Cause ?? "accepted");
        return refusal;
    }

    /// <summary>Why the delivery is refused; null if it is not. Nothing is parsed before it is verified.</summary>
    private WebhookRefusal? FindRefusal(WebhookDelivery delivery, KnownEndpoint endpoint)
    {
        if (ReceivingRules.RefusalOf(endpoint.Row.State) is { } notReceiving)
        {
            return notReceiving;
        }
        if (delivery.IsTooLarge)
        {
            return new WebhookRefusal(
                RejectionCauses.TooLarge, RefusalKind.TooLarge,
                $"the body has at least {delivery.Size} bytes; the limit is {RequestBody.DefaultLimit}");
        }
        var verified = WebhookVerification.Verify(
            endpoint.Authentication, endpoint.Secrets, delivery.Header, delivery.Bytes, clock.GetUtcNow().UtcDateTime);
        if (verified.UsedPreviousSecret && endpoint.NotePreviousSecret())
        {
            log.LogInformation(
                "A delivery to endpoint {EndpointId} was made with the previous secret, which works until {ExpiresAt:u}",
                endpoint.Row.Id, endpoint.Row.PreviousSecretExpiresAt);
        }
        return verified.Refusal ?? delivery.Read();
    }

    private Task<StorageResult> StoreAsync(WebhookDelivery delivery, KnownEndpoint endpoint) =>
        storage.StoreVerifiedAsync(
            new WebhookOrigin
            {
                Source = endpoint.Source,
                OrganizationId = endpoint.Row.OrganizationId,
                EndpointId = endpoint.Row.Id,
                EndpointVersion = endpoint.Row.Version,
                ContentType = delivery.ContentType,
                Headers = delivery.KeptHeaders(endpoint.Authentication),
                AuthMode = endpoint.Authentication.Mode,
                DeliveryId = DeliveryIds.Find(endpoint.Authentication.Mode, delivery.Header),
                IsLimited = true,
            },
            delivery.Elements, delivery.Call.CancellationToken);

    private NewRejection RejectionOf(WebhookDelivery delivery, KnownEndpoint endpoint, WebhookRefusal refusal)
    {
        var now = clock.GetUtcNow();
        return new NewRejection
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = endpoint.Row.OrganizationId,
            EndpointId = endpoint.Row.Id,
            EventSource = endpoint.Row.Source,
            Cause = refusal.Cause,
            Diagnosis = refusal.Diagnosis,
            Headers = delivery.KeptHeaders(endpoint.Authentication),
            ContentType = delivery.ContentType,
            Body = delivery.Bytes.Length > WebhookRejections.MaxBody ? delivery.Bytes[..WebhookRejections.MaxBody] : delivery.Bytes,
            BodySize = delivery.Size,
            RemoteIp = delivery.Call.RemoteAddress,
            CreatedAt = now.UtcDateTime,
        };
    }

    private static Problem ProblemOf(WebhookRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotAuthenticated => Problems.WebhookUnauthorized,
        // A sender may be told what is wrong with its body, but not what is wrong with its secret or signature.
        RefusalKind.NotJson => Problems.NotJson.Because(Sentence(refusal)),
        RefusalKind.NotAnObject => Problems.NotAnObject.Because(Sentence(refusal)),
        RefusalKind.TooLarge => Problems.PayloadTooLarge.Because(Sentence(refusal)),
        RefusalKind.UnsupportedType => Problems.UnsupportedMediaType.Because(Sentence(refusal)),
        RefusalKind.EndpointDisabled => Problems.WebhookEndpointDisabled,
        RefusalKind.OrganizationSuspended => Problems.OrganizationSuspended,
        RefusalKind.EndpointDeleted => Problems.NotFound,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, null),
    };

    private static string Sentence(WebhookRefusal refusal) => char.ToUpperInvariant(refusal.Diagnosis[0]) + refusal.Diagnosis[1..] + ".";
}
