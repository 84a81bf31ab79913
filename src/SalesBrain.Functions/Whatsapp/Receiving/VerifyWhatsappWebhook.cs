using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Receiving;

/// <summary>Proves to Meta that the URL of the webhook is ours.</summary>
public sealed class VerifyWhatsappWebhook(RequestPipeline pipeline, WhatsappOptions options)
{
    [Function(nameof(VerifyWhatsappWebhook))]
    [Operation("Webhook receivers", "Confirm the WhatsApp webhook", Description =
        "Meta calls it when the URL is entered in the app's settings, with hub.mode=subscribe, hub.verify_token and hub.challenge. Returns "
        + "the challenge if the token is that of the setting Whatsapp__VerifyToken.")]
    [Anyone("Meta, with the verify token")]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/plain")]
    [Problems("forbidden")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/whatsapp")] HttpRequest request) =>
        pipeline.RunAsync<VerifyWhatsappWebhook>(request, call =>
        {
            // The names have dots, so they cannot be members of an input record.
            var query = call.Request.Query;
            return Task.FromResult(
                WhatsappVerification.ChallengeOf(query["hub.mode"], query["hub.verify_token"], query["hub.challenge"], options.VerifyToken) is { } challenge
                    ? Results.Text(challenge, "text/plain")
                    : (IResult)Problems.Forbidden);
        });
}
