using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Ends an endpoint, for owners and admins, and for sb_admin: its token stops at once, its logs stay.</summary>
public sealed class DeleteWebhookEndpoint(RequestPipeline pipeline)
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
            await WebhookEndpoints.DeleteAsync(session, row, call.Now.UtcDateTime, call.CancellationToken);
            await call.AuditAsync(
                session, "webhook_endpoint.deleted", "webhook_endpoint", row.Id, row.OrganizationId,
                AuditedChanges.Deleted(AuditedEndpoint.Of(row)));
            await session.CommitAsync();
            return ApiResults.Ok(new DeletedWebhookEndpoint { Id = row.Id, DeletedAt = call.Now.UtcDateTime });
        });
}

public sealed record DeletedWebhookEndpoint
{
    public required Guid Id { get; init; }
    public required DateTime DeletedAt { get; init; }
}
