using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>Receives deliveries at the endpoint's own URL, which contains the token.</summary>
public sealed class ReceiveWebhook(RequestPipeline pipeline, WebhookReceiver receiver)
{
    [Function(nameof(ReceiveWebhook))]
    [Operation("Webhook receivers", "Receive a delivery",
        TimeLimitSeconds = WebhookReceiver.TimeLimitSeconds, Description = WebhookReceiver.Description)]
    [Anyone("senders with the endpoint's token, and its secret or signature")]
    [RawBody("application/json", "application/x-www-form-urlencoded", "text/plain")]
    [Returns(200, typeof(WebhookReceipt))]
    [Returns(200, typeof(WebhookReceipt[]))]
    [Problems("webhook_unauthorized", "webhook_endpoint_disabled", "organization_suspended", "not_found", "not_json", "not_an_object",
        "payload_too_large", "unsupported_media_type", "too_many_deliveries")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{source}/{token}")] HttpRequest request,
        string source, string token) =>
        pipeline.RunAsync<ReceiveWebhook>(request, call => receiver.ReceiveAsync(call, source, token));
}
