using Microsoft.Extensions.Logging;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Rejections;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Receives a delivery: finds the endpoint by its token, reads the raw bytes, verifies them, stores their events and answers. A refused
/// delivery of a known endpoint is kept as a rejection.
/// </summary>
public sealed class WebhookReceiver(
    WebhookEndpointCache endpoints, WebhookStorage storage, SalesBrainDatabase database, TimeProvider clock, ILogger<WebhookReceiver> log)
{
    /// <summary>Senders time out after a few seconds to half a minute, so a later response is useless.</summary>
    public const int TimeLimitSeconds = 20;

    public const string Description =
        "Returns 200 after the event is stored durably, also for unknown event types, unknown campaigns and duplicates. "
        + "The body is a JSON object, a JSON array of objects (one event each, all or nothing), or a form. Usual wrappers are opened. Its limit is 1 MiB.";

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
        byte[] head = [];
        var body = await RequestBody.ReadAsync(request, RequestBody.DefaultLimit, call.CancellationToken, bytes => head = bytes);
        using var delivery = new WebhookDelivery(call, body ?? head, body is null);

        var result = FindRefusal(delivery, endpoint) is null
            ? await StoreAsync(delivery, endpoint)
            // The cached endpoint may be outdated: a refusal is final only with an endpoint that was just read.
            : new StorageResult.Outdated();
        if (result is StorageResult.Outdated)
        {
            result = await StoreOrRefuseAsync(delivery, eventSource, token);
        }
        return result switch
        {
            StorageResult.Stored { Webhooks: var stored } when delivery.IsArray => ApiResults.Ok(stored.Select(WebhookReceipt.Of).ToArray()),
            StorageResult.Stored { Webhooks: var stored } => ApiResults.Ok(WebhookReceipt.Of(stored[0])),
            StorageResult.Refused { Refusal: var refusal } => ProblemOf(refusal),
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
            if (FindRefusal(delivery, endpoint) is { } refusal)
            {
                await KeepRejectionAsync(delivery, endpoint, refusal, cancellationToken);
                return new StorageResult.Refused(refusal);
            }
            return await StoreAsync(delivery, endpoint);
        });

    /// <summary>Why the delivery is refused; null if it is not. Nothing is parsed before it is verified.</summary>
    private WebhookRefusal? FindRefusal(WebhookDelivery delivery, KnownEndpoint endpoint)
    {
        if (ReceivingRules.RefusalOf(endpoint.Row.State) is { } notReceiving)
        {
            return notReceiving;
        }
        if (delivery.IsTooLarge)
        {
            return new WebhookRefusal(RejectionCauses.TooLarge, RefusalKind.TooLarge, $"the body has at least {delivery.Size} bytes; the limit is {RequestBody.DefaultLimit}");
        }
        var verified = WebhookVerification.Verify(
            endpoint.Authentication, endpoint.Secrets, delivery.Header, delivery.Bytes, clock.GetUtcNow().UtcDateTime);
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
                ContentType = delivery.Call.Request.ContentType,
                Headers = delivery.KeptHeaders(endpoint.Authentication),
                SenderId = WebhookOrigin.SenderIdOf(endpoint.Row.Id, delivery.Header),
            },
            delivery.Elements, delivery.Call.CancellationToken);

    private async Task KeepRejectionAsync(
        WebhookDelivery delivery, KnownEndpoint endpoint, WebhookRefusal refusal, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await WebhookRejections.AddAsync(database.AutoCommitPlatform(), new NewRejection
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = endpoint.Row.OrganizationId,
            EndpointId = endpoint.Row.Id,
            EventSource = endpoint.Row.Source,
            Cause = refusal.Cause,
            Diagnosis = refusal.Diagnosis,
            Headers = delivery.KeptHeaders(endpoint.Authentication),
            ContentType = delivery.Call.Request.ContentType,
            Body = delivery.Bytes,
            BodySize = delivery.Size,
            RemoteIp = delivery.Call.RemoteAddress,
            CreatedAt = now.UtcDateTime,
        }, cancellationToken);
        log.LogInformation("Refused a delivery to endpoint {EndpointId}: {Cause}", endpoint.Row.Id, refusal.Cause);
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
