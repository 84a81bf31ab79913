using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Webhooks;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Shows one endpoint without its secrets, for owners, admins and platform operators.</summary>
public sealed class GetWebhookEndpoint(FrontDoor frontDoor, IOptions<WebhookOptions> options, TimeProvider clock)
{
    [Function(nameof(GetWebhookEndpoint))]
    [Endpoint("Webhook endpoints", "One endpoint, without its token and secret")]
    [Requires(Capability.ReadWebhookEndpoints)]
    [Answers(200, typeof(WebhookEndpoint))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/endpoints/{endpointId:guid}")] HttpRequest request,
        Guid endpointId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetWebhookEndpoint>(request, async (call, token) =>
            await WebhookEndpoints.FindAsync(call.Read(), endpointId, token) is { } row
                ? Answer.Ok(WebhookEndpoint.Of(row, options.Value.PublicBaseUrl, clock.GetUtcNow().UtcDateTime))
                : Problems.NotFound, cancellationToken);
}
