using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Webhooks.Endpoints;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Functions.Webhooks.Processing;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Sends a sample event the way a delivery takes, for owners and admins, and for sb_admin.</summary>
public sealed class TestWebhookEndpoint(RequestPipeline pipeline, WebhookStorage storage, WebhookRetries processing)
{
    private const string Json = "application/json";

    [Function(nameof(TestWebhookEndpoint))]
    [Operation("Webhook endpoints", "Send a sample event through a webhook endpoint", BodyOptional = true, Description =
        "The event has the format of the endpoint's source. It is handled like a delivery: normalized, stored and processed "
        + "with all effects, on a contact and a campaign reserved for tests. Only authentication is skipped.")]
    [Requires(Capability.EnterWebhookEvents)]
    [Returns(201, typeof(TestedWebhookEndpoint))]
    [Problems("not_found", "conflict")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/endpoints/{endpointId:guid}/test")] HttpRequest request,
        Guid endpointId) =>
        pipeline.RunAsync<TestWebhookEndpoint, TestWebhookEndpointRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await WebhookEndpoints.FindAsync(session, endpointId, call.CancellationToken) is not { } endpoint)
            {
                return Problems.NotFound;
            }
            // The entry comes first, as with events entered by hand: an event that nobody sent must not exist.
            await call.AuditAsync(
                session, "webhook_endpoint.tested", "webhook_endpoint", endpoint.Id, endpoint.OrganizationId,
                new { event_type = input.EventType });
            await session.CommitAsync();

            var body = SampleEvents.Create(EventSources.Find(endpoint.Source)!, EventTypes.Find(input.EventType)!, call.Now.UtcDateTime);
            using var document = JsonDocument.Parse(body);
            var result = await storage.StoreTrustedAsync(
                call.Read(), endpointId, [new WebhookBodyElement(document.RootElement, body)],
                // An id of its own, so that a second test within the millisecond is another event.
                origin => origin with { ContentType = Json, DeliveryId = $"test:{Guid.NewGuid()}" }, call.CancellationToken);
            if (result is not StorageResult.Stored { Webhooks: var stored })
            {
                return Problems.Conflict.Because(WebhookStorage.ReasonOf(result));
            }
            var log = await processing.ProcessAsync(
                new QueuedWebhook { OrganizationId = endpoint.OrganizationId, LogId = stored[0].LogId }, call.CancellationToken);
            var url = $"/api/admin/webhooks/logs/{log.Id}";
            return ApiResults.Created(url, new TestedWebhookEndpoint
            {
                LogId = log.Id,
                Url = url,
                Status = log.Status,
                ErrorCode = log.ErrorCode,
                ErrorMessage = log.ErrorMessage,
            });
        });
}

public sealed record TestWebhookEndpointRequest
{
    /// <summary>The canonical name of the event type.</summary>
    [EventTypeName]
    public string EventType { get; init; } = "email.replied";
}

/// <summary>The canonical name of an event type.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EventTypeNameAttribute() : AllowedValuesAttribute([.. EventTypes.All.Select(type => type.Name)]);

public sealed record TestedWebhookEndpoint
{
    public required Guid LogId { get; init; }

    /// <summary>The URL of the webhook log.</summary>
    public required string Url { get; init; }

    /// <summary>The status after processing; <c>pending</c> if processing has not finished yet.</summary>
    [AllowedValues("pending", "processed", "ignored", "failed", "dead")]
    public required string Status { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
}
