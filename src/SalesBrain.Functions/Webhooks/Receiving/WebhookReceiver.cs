using System.Text.Json;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Rejections;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Receives a delivery: finds the endpoint by its token, reads and verifies the raw bytes, converts them to events, stores them, and
/// responds. Deliveries that a known endpoint refuses are stored as rejections.
/// </summary>
public sealed class WebhookReceiver(
    WebhookEndpointCache endpoints, WebhookIntake intake, SalesBrainDatabase database, TimeProvider clock,
    ILogger<WebhookReceiver> log)
{
    /// <summary>Senders time out after a few seconds to half a minute, so a later response is useless.</summary>
    public const int TimeLimitSeconds = 20;

    public const string Description =
        "Returns 200 after the event is stored durably, also for unknown event types, unknown campaigns and duplicates. "
        + "The body is a JSON object, a JSON array of objects (one event each, all or nothing), or a form. Its limit is 1 MiB.";

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
        var delivery = new Delivery(call, body ?? head, body is null);

        // A cached endpoint may be outdated. After a refusal, or if the store detects it, retry with a fresh endpoint.
        var (answer, outdated) = await TryReceiveAsync(delivery, eventSource, endpoint, isFresh: false, call.CancellationToken);
        for (var attempt = 0; outdated && attempt < 3; attempt++)
        {
            if (await endpoints.FindAsync(eventSource.Name, token, fresh: true, call.CancellationToken) is not { } fresh)
            {
                return Problems.NotFound;
            }
            (answer, outdated) = await TryReceiveAsync(delivery, eventSource, fresh, isFresh: true, call.CancellationToken);
        }
        // Repeatedly outdated only if the endpoint is being changed all the time.
        return outdated ? Problems.DatabaseUnavailable : answer;
    }

    private async Task<(IResult Answer, bool Outdated)> TryReceiveAsync(
        Delivery delivery, EventSource source, KnownEndpoint endpoint, bool isFresh, CancellationToken cancellationToken)
    {
        var request = delivery.Call.Request;
        if (FindRefusal(delivery, endpoint) is { } problem)
        {
            return await RefuseAsync(delivery, endpoint, problem, isFresh, cancellationToken);
        }
        if (!WebhookBody.TryRead(delivery.Body, request.ContentType, request.Headers.ContentEncoding, out var body, out var unreadable))
        {
            return await RefuseAsync(delivery, endpoint, unreadable, isFresh, cancellationToken);
        }
        using (body)
        {
            var stored = await intake.StoreAsync(
                new WebhookOrigin
                {
                    Source = source,
                    OrganizationId = endpoint.Row.OrganizationId,
                    EndpointId = endpoint.Row.Id,
                    EndpointVersion = endpoint.Row.Version,
                    ContentType = request.ContentType,
                    Headers = KeptHeaders(request, endpoint),
                    SenderId = WebhookOrigin.SenderIdOf(endpoint.Row.Id, name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null),
                },
                body.Elements, cancellationToken);
            if (stored is null)
            {
                return (Problems.DatabaseUnavailable, true);
            }
            return (body.IsArray ? ApiResults.Ok(stored.Select(WebhookReceipt.Of).ToArray()) : ApiResults.Ok(WebhookReceipt.Of(stored[0])), false);
        }
    }

    /// <summary>Why the delivery is refused, or null. Nothing is parsed before it is authenticated.</summary>
    private WebhookRefusal? FindRefusal(Delivery delivery, KnownEndpoint endpoint)
    {
        if (endpoint.Row.OrganizationStatus != "active")
        {
            return WebhookRefusal.Disabled with { Diagnosis = "the organization is suspended" };
        }
        if (endpoint.Row.Status != "active")
        {
            return WebhookRefusal.Disabled;
        }
        if (delivery.IsTooLarge)
        {
            return new WebhookRefusal(RejectionCauses.TooLarge, RefusalKind.TooLarge, $"the body has at least {delivery.Size} bytes; the limit is {RequestBody.DefaultLimit}");
        }
        var headers = delivery.Call.Request.Headers;
        return WebhookVerification.Verify(
            endpoint.Authentication, endpoint.Secrets, name => headers.TryGetValue(name, out var value) ? value.ToString() : null,
            delivery.Body, clock.GetUtcNow().UtcDateTime).Refusal;
    }

    /// <summary>Refuses the delivery. An endpoint from the cache may be outdated, so it is first read again.</summary>
    private async Task<(IResult Answer, bool Outdated)> RefuseAsync(
        Delivery delivery, KnownEndpoint endpoint, WebhookRefusal refusal, bool isFresh, CancellationToken cancellationToken)
    {
        if (!isFresh)
        {
            return (Problems.NotFound, true);
        }
        var now = clock.GetUtcNow();
        var request = delivery.Call.Request;
        await WebhookRejections.AddAsync(database.AutoCommitPlatform(), new NewRejection
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = endpoint.Row.OrganizationId,
            EndpointId = endpoint.Row.Id,
            EventSource = endpoint.Row.Source,
            Cause = refusal.Cause,
            Diagnosis = refusal.Diagnosis,
            Headers = KeptHeaders(request, endpoint),
            ContentType = request.ContentType,
            Body = delivery.Body,
            BodySize = delivery.Size,
            RemoteIp = delivery.Call.RemoteAddress,
            CreatedAt = now.UtcDateTime,
        }, cancellationToken);
        log.LogInformation("Refused a delivery to endpoint {EndpointId}: {Cause}", endpoint.Row.Id, refusal.Cause);
        return (ProblemOf(refusal, endpoint), false);
    }

    private static Problem ProblemOf(WebhookRefusal refusal, KnownEndpoint endpoint) => refusal.Kind switch
    {
        RefusalKind.NotAuthenticated => Problems.WebhookUnauthorized,
        // Errors in a body can be returned to the sender; errors in a secret or signature must not.
        RefusalKind.NotJson => Problems.NotJson.Because(Sentence(refusal)),
        RefusalKind.NotAnObject => Problems.NotAnObject.Because(Sentence(refusal)),
        RefusalKind.TooLarge => Problems.PayloadTooLarge.Because(Sentence(refusal)),
        RefusalKind.UnsupportedType => Problems.UnsupportedMediaType.Because(Sentence(refusal)),
        _ => endpoint.Row.OrganizationStatus == "active" ? Problems.WebhookEndpointDisabled : Problems.OrganizationSuspended,
    };

    private static string Sentence(WebhookRefusal refusal) => char.ToUpperInvariant(refusal.Diagnosis[0]) + refusal.Diagnosis[1..] + ".";

    private static string KeptHeaders(HttpRequest request, KnownEndpoint endpoint) =>
        JsonSerializer.Serialize(HeaderRedaction.Keep(request.Headers, endpoint.Authentication));

    /// <summary>A delivery. If its body is too large, only the beginning was read.</summary>
    private sealed record Delivery(Call Call, byte[] Body, bool IsTooLarge)
    {
        /// <summary>Size of the sent body in bytes, as far as known.</summary>
        public long Size => IsTooLarge ? Math.Max(Call.Request.ContentLength ?? 0, Body.Length + 1L) : Body.Length;
    }
}
