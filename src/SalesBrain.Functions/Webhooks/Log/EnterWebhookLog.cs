using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Enters an event by hand, source manual, with the effects it would have if a sender had delivered it.</summary>
public sealed class EnterWebhookLog(RequestPipeline pipeline, WebhookStorage storage)
{
    [Function(nameof(EnterWebhookLog))]
    [Operation("Webhook logs", "Enter an event by hand")]
    [Requires(Capability.EnterWebhookEvents)]
    [Returns(201, typeof(WebhookReceipt))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/logs")] HttpRequest request) =>
        pipeline.RunAsync<EnterWebhookLog, EnterWebhookRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            if (EventTypes.FromSpelling(input.EventType) is not { IsIgnored: false } type)
            {
                return Problems.InvalidMember(
                    "event_type",
                    "must be one of " + string.Join(", ", EventTypes.All.Where(known => !known.IsIgnored).Select(known => known.Name)));
            }

            // The audit entry is written first: an event without an audit entry must not exist, but an entry without its event is harmless.
            await using (var session = await call.WriteAsync())
            {
                await call.AuditAsync(
                    session, "webhook_log.entered", "webhook_log", null, organizationId,
                    new { event_type = type.Name, campaign_id = input.CampaignId });
                await session.CommitAsync();
            }
            var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
                new
                {
                    event_type = type.Name,
                    timestamp = input.Timestamp ?? call.Now.UtcDateTime,
                    input.Email,
                    input.CampaignId,
                    input.CampaignName,
                    input.FirstName,
                    input.LastName,
                    input.Data,
                },
                JsonResponse.Snake));
            using var document = JsonDocument.Parse(bytes);
            var stored = await storage.StoreWithoutEndpointAsync(
                EventSources.Manual, organizationId, "application/json", [new WebhookBodyElement(document.RootElement, bytes)],
                call.CancellationToken);
            var receipt = WebhookReceipt.Of(stored.Single());
            return ApiResults.Created($"/api/admin/webhooks/logs/{receipt.Id}", receipt);
        });
}

public sealed record EnterWebhookRequest
{
    /// <summary>The organization of the event. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The event type, by its canonical name or a sender's name.</summary>
    [StringLength(200)]
    public required string EventType { get; init; }

    /// <summary>When the event happened. Default: now.</summary>
    public DateTime? Timestamp { get; init; }

    [StringLength(320)]
    public string? Email { get; init; }

    [StringLength(200)]
    [NameText]
    public string? FirstName { get; init; }

    [StringLength(200)]
    [NameText]
    public string? LastName { get; init; }

    /// <summary>The campaign's id in SalesBrain or at the sender.</summary>
    [StringLength(200)]
    public string? CampaignId { get; init; }

    [StringLength(300)]
    [NameText]
    public string? CampaignName { get; init; }

    /// <summary>Further data of the event, as a sender would send it in <c>data</c>: an object.</summary>
    [JsonObject]
    public JsonElement? Data { get; init; }
}
