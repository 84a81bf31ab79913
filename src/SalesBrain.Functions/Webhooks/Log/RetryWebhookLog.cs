using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Functions.Webhooks.Processing;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Retries one failed or dead webhook immediately. For callers who can repair webhooks.</summary>
public sealed class RetryWebhookLog(RequestPipeline pipeline, WebhookRetries retries)
{
    [Function(nameof(RetryWebhookLog))]
    [Operation("Webhook logs", "Retry a webhook log", BodyOptional = true, Description =
        "A failed or dead webhook is queued and, if possible, processed immediately. The stored payload is read again with the "
        + "endpoint's current type_aliases and field_paths, and the log is corrected. An ignored webhook is retried too if these settings "
        + "changed after it was received, or if its type is known by now. Other processed and ignored webhooks need force; effects that "
        + "they already had are not repeated.")]
    [Requires(Capability.RepairWebhooks)]
    [Returns(200, typeof(RetriedWebhook))]
    [Problems("not_found", "webhook_already_processed", "webhook_already_queued", "webhook_payload_gone")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/logs/{logId:guid}/retry")] HttpRequest request,
        Guid logId) =>
        pipeline.RunAsync<RetryWebhookLog, RetryWebhookRequest>(request, async (call, input) =>
        {
            var queued = (await retries.QueueAsync(call, [logId], input.Force)).Single();
            return queued.Refusal is { } refusal
                ? WebhookRetries.ProblemOf(queued, refusal)
                : ApiResults.Ok(await retries.ProcessAsync(queued, call.CancellationToken));
        });
}

public sealed record RetryWebhookRequest
{
    /// <summary>Also retry a processed or ignored webhook.</summary>
    public bool Force { get; init; }
}
