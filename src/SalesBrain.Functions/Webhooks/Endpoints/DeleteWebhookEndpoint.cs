using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Webhooks;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Ends an endpoint, for owners and admins, and for sb_admin: its token stops at once, its logs stay.</summary>
public sealed class DeleteWebhookEndpoint(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(DeleteWebhookEndpoint))]
    [Endpoint("Webhook endpoints", "Ends an endpoint", Description = "Its token stops working at once and for ever; its logs and rejections stay.")]
    [Requires(Capability.ManageWebhookEndpoints)]
    [Answers(200, typeof(DeletedWebhookEndpoint))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/webhooks/endpoints/{endpointId:guid}")] HttpRequest request,
        Guid endpointId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<DeleteWebhookEndpoint>(request, async (call, token) =>
        {
            await using var session = await call.WriteAsync(token);
            if (await WebhookEndpoints.LockAsync(session, endpointId, token) is not { } row)
            {
                return Problems.NotFound;
            }
            var now = clock.GetUtcNow();
            await WebhookEndpoints.DeleteAsync(session, row, now.UtcDateTime, token);
            await EndpointAudit.WriteAsync(session, call, "webhook_endpoint.deleted", row, now, new { before = EndpointAudit.Facts(row) }, token);
            await session.CommitAsync();
            return Answer.Ok(new DeletedWebhookEndpoint { Id = row.Id, DeletedAt = now.UtcDateTime });
        }, cancellationToken);
}

public sealed record DeletedWebhookEndpoint
{
    public required Guid Id { get; init; }
    public required DateTime DeletedAt { get; init; }
}
