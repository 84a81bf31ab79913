using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Shows one endpoint without its secrets, for owners, admins and platform operators.</summary>
public sealed class GetWebhookEndpoint(RequestPipeline pipeline, IOptions<WebhookOptions> options)
{
    [Function(nameof(GetWebhookEndpoint))]
    [Operation("Webhook endpoints", "Get a webhook endpoint", Description = "Without its token and secret.")]
    [Requires(Capability.ReadWebhookEndpoints)]
    [Returns(200, typeof(WebhookEndpoint))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/endpoints/{endpointId:guid}")] HttpRequest request,
        Guid endpointId) =>
        pipeline.RunAsync<GetWebhookEndpoint>(request, async call =>
            await WebhookEndpoints.FindAsync(call.Read(), endpointId, call.CancellationToken) is { } row
                ? ApiResults.Ok(WebhookEndpoint.Of(row, options.Value.PublicBaseUrl, call.Now.UtcDateTime))
                : Problems.NotFound);
}
