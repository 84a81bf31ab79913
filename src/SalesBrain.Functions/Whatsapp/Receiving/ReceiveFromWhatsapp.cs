using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Functions.Whatsapp.Receiving;

/// <summary>Receives Meta's deliveries for all organizations.</summary>
public sealed class ReceiveFromWhatsapp(RequestPipeline pipeline, WhatsappReceiver receiver)
{
    [Function(nameof(ReceiveFromWhatsapp))]
    [Operation("Webhook receivers", "Receive messages and statuses of WhatsApp", TimeLimitSeconds = WhatsappReceiver.TimeLimitSeconds, Description =
        "Meta delivers here for all organizations, signed with the app's secret in " + WhatsappSignature.Header + ". The phone number in the delivery names the "
        + "organization. Returns 200 after everything in the delivery is stored durably, also for duplicates, for unknown types and for "
        + "accounts that no organization has connected. The limit of the body is 3 MiB.")]
    [Anyone("Meta, with the signature of the app")]
    [RawBody("application/json")]
    [Returns(200, typeof(WhatsappReceipt))]
    [Problems("webhook_unauthorized", "not_json", "payload_too_large", "too_many_deliveries")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/whatsapp")] HttpRequest request) =>
        pipeline.RunAsync<ReceiveFromWhatsapp>(request, receiver.ReceiveAsync);
}
