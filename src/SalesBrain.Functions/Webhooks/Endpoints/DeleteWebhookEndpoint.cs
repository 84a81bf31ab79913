using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Ends an endpoint, for owners and admins, and for sb_admin: its token stops at once, its logs stay.</summary>
public sealed class DeleteWebhookEndpoint(RequestPipeline pipeline, TimeProvider clock)
{
    [Function(nameof(DeleteWebhookEndpoint))]
    [Operation("Webhook endpoints", "Delete a webhook endpoint",
        Description = "Its token stops working immediately and permanently. Its logs and rejections stay.")]
    [Requires(Capability.ManageWebhookEndpoints)]
    [Returns(200, typeof(DeletedWebhookEndpoint))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/webhooks/endpoints/{endpointId:guid}")] HttpRequest request,
        Guid endpointId) =>
        pipeline.RunAsync<DeleteWebhookEndpoint>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await WebhookEndpoints.LockAsync(session, endpointId, call.CancellationToken) is not { } row)
            {
                return Problems.NotFound;
            }
            var now = clock.GetUtcNow();
            await WebhookEndpoints.DeleteAsync(session, row, now.UtcDateTime, call.CancellationToken);
            await EndpointAudit.WriteAsync(session, call, "webhook_endpoint.deleted", row, now, new { before = EndpointAudit.Facts(row) });
            await session.CommitAsync();
            return ApiResults.Ok(new DeletedWebhookEndpoint { Id = row.Id, DeletedAt = now.UtcDateTime });
        });
}

public sealed record DeletedWebhookEndpoint
{
    public required Guid Id { get; init; }
    public required DateTime DeletedAt { get; init; }
}
