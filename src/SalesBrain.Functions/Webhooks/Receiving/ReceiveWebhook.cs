using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>Takes deliveries at the endpoint's own URL, for senders that can be given one.</summary>
public sealed class ReceiveWebhook(FrontDoor frontDoor, WebhookReceiver receiver)
{
    [Function(nameof(ReceiveWebhook))]
    [Endpoint("Webhook receivers", "Takes a delivery", TimeLimitSeconds = WebhookReceiver.TimeLimitSeconds, Description = WebhookReceiver.Description)]
    [Anyone("senders with the endpoint's token, and its secret or signature")]
    [RawBody("application/json", "application/x-www-form-urlencoded")]
    [Answers(200, typeof(WebhookReceipt))]
    [Answers(200, typeof(WebhookReceipt[]))]
    [Problems("webhook_unauthorized", "webhook_endpoint_disabled", "organization_suspended", "not_found", "not_json", "not_an_object",
        "payload_too_large", "unsupported_media_type")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{source}/{token}")] HttpRequest request,
        string source, string token, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ReceiveWebhook>(request, (call, limit) => receiver.ReceiveAsync(call, source, token, limit), cancellationToken);
}
