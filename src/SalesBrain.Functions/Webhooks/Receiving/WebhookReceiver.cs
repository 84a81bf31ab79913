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
/// The way of a delivery: find the endpoint by its token, read the raw bytes, verify them, make events of them, store, answer. What a known
/// endpoint refuses is kept as a rejection.
/// </summary>
public sealed class WebhookReceiver(
    WebhookEndpointCache endpoints, WebhookIntake intake, SalesBrainDatabase database, TimeProvider clock,
    ILogger<WebhookReceiver> log)
{
    /// <summary>Senders give up after a few seconds to half a minute; an answer after that reaches nobody.</summary>
    public const int TimeLimitSeconds = 20;

    public const string Description =
        "Returns 200 after the event is stored durably, also for unknown event types, unknown campaigns and duplicates. "
        + "The body is a JSON object, a JSON array of objects (one event each, all or nothing), or a form. Its limit is 1 MiB.";

    /// <summary>Longest token that is looked up at all.</summary>
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

        // A cached endpoint may be outdated. A refusal, and a store that noticed, are tried once more with a fresh one.
        var (answer, outdated) = await TryReceiveAsync(delivery, eventSource, endpoint, isFresh: false, call.CancellationToken);
        for (var attempt = 0; outdated && attempt < 3; attempt++)
        {
            if (await endpoints.FindAsync(eventSource.Name, token, fresh: true, call.CancellationToken) is not { } fresh)
            {
                return Problems.NotFound;
            }
            (answer, outdated) = await TryReceiveAsync(delivery, eventSource, fresh, isFresh: true, call.CancellationToken);
        }
        // Outdated again and again only while somebody keeps changing the endpoint.
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

    /// <summary>Refuses; with an endpoint from the cache, which may be outdated, only after another look.</summary>
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
        // What is wrong with a body may be told; what is wrong with a secret or signature may not.
        RefusalKind.NotJson => Problems.NotJson.Because(Sentence(refusal)),
        RefusalKind.NotAnObject => Problems.NotAnObject.Because(Sentence(refusal)),
        RefusalKind.TooLarge => Problems.PayloadTooLarge.Because(Sentence(refusal)),
        RefusalKind.UnsupportedType => Problems.UnsupportedMediaType.Because(Sentence(refusal)),
        _ => endpoint.Row.OrganizationStatus == "active" ? Problems.WebhookEndpointDisabled : Problems.OrganizationSuspended,
    };

    private static string Sentence(WebhookRefusal refusal) => char.ToUpperInvariant(refusal.Diagnosis[0]) + refusal.Diagnosis[1..] + ".";

    private static string KeptHeaders(HttpRequest request, KnownEndpoint endpoint) =>
        JsonSerializer.Serialize(HeaderRedaction.Keep(request.Headers, endpoint.Authentication));

    /// <summary>A delivery as it came; of a body that is too large only the beginning.</summary>
    private sealed record Delivery(Call Call, byte[] Body, bool IsTooLarge)
    {
        /// <summary>Size of the sent body in bytes, as far as known.</summary>
        public long Size => IsTooLarge ? Math.Max(Call.Request.ContentLength ?? 0, Body.Length + 1L) : Body.Length;
    }
}
