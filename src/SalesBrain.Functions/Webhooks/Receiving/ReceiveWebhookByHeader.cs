using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>Receives deliveries with the token in a header, for senders whose URLs are logged.</summary>
public sealed class ReceiveWebhookByHeader(RequestPipeline pipeline, WebhookReceiver receiver)
{
    private const string Scheme = "Bearer ";

    [Function(nameof(ReceiveWebhookByHeader))]
    [Operation("Webhook receivers", "Receive a delivery with the token in a header", TimeLimitSeconds = WebhookReceiver.TimeLimitSeconds,
        Description = "The token is in X-Webhook-Token or Authorization: Bearer. " + WebhookReceiver.Description)]
    [Anyone("senders with the endpoint's token, and its secret or signature")]
    [RawBody("application/json", "application/x-www-form-urlencoded", "text/plain")]
    [Returns(200, typeof(WebhookReceipt))]
    [Returns(200, typeof(WebhookReceipt[]))]
    [Problems("webhook_unauthorized", "webhook_endpoint_disabled", "organization_suspended", "not_found", "not_json", "not_an_object",
        "payload_too_large", "unsupported_media_type", "too_many_deliveries")]
    public Task<IResult> Run(
        // Meta's deliveries have a URL of their own.
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{source:regex(^(?!whatsapp$))}")] HttpRequest request,
        string source) =>
        pipeline.RunAsync<ReceiveWebhookByHeader>(
            request, call => receiver.ReceiveAsync(call, source, TokenOf(request.Headers)));

    private static string TokenOf(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("X-Webhook-Token", out var token))
        {
            return token.ToString();
        }
        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
    }
}
