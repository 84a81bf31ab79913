using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Webhooks.Log;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Functions.Webhooks.Processing;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Retries many failed or dead webhooks, by id or by filter. For callers who can repair webhooks.</summary>
public sealed class BulkRetryWebhookLogs(RequestPipeline pipeline, WebhookRetries retries, WebhookSignal signal)
{
    /// <summary>Maximum number of webhooks that one call queues by filter.</summary>
    private const int MostByFilter = 10_000;

    [Function(nameof(BulkRetryWebhookLogs))]
    [Operation("Webhook logs", "Retry many webhook logs", Description =
        "Send either log_ids (1 to 500) or a filter as in the list. The filter's default status is failed and dead; it takes at "
        + "most the newest 10,000 logs. Ignored logs can be retried if they can be read differently now (see the retry of one log). A "
        + "log that cannot be retried does not stop the others: failed_items gives the reason for "
        + "each. With dry_run nothing is queued.")]
    [Requires(Capability.RepairWebhooks)]
    [Returns(200, typeof(BulkRetryResponse), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/logs/bulk-retry")] HttpRequest request) =>
        pipeline.RunAsync<BulkRetryWebhookLogs, BulkRetryRequest>(request, async (call, input) =>
        {
            var ids = input.LogIds?.Distinct().ToArray()
                ?? [.. await WebhookLogs.FindIdsAsync(call.Read(), input.Filter!.ToRetryFilter(), MostByFilter, call.CancellationToken)];
            var judged = input.DryRun
                ? await retries.JudgeAsync(call, ids, input.Force)
                : await retries.QueueAsync(call, ids, input.Force);
            if (!input.DryRun)
            {
                signal.Raise();
            }
            return ApiResults.Bare(BulkRetryResponse.Of(judged, input.DryRun));
        });
}

public sealed record BulkRetryRequest : IValidatableObject
{
    [Length(1, 500)]
    public Guid[]? LogIds { get; init; }

    public BulkRetryFilter? Filter { get; init; }

    /// <summary>Also retry processed and ignored webhooks.</summary>
    public bool Force { get; init; }

    /// <summary>Only report what would be queued.</summary>
    public bool DryRun { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LogIds is null == Filter is null)
        {
            yield return new("exactly one of log_ids and filter is required", [nameof(LogIds)]);
        }
    }
}

/// <summary>The filters of the log list. Default status: failed and dead.</summary>
public sealed record BulkRetryFilter : WebhookLogFilters
{
    private static readonly string[] Broken = ["failed", "dead"];

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (Status.Contains(WebhookLogStatus.Pending))
        {
            yield return new("must not include pending, because pending webhooks are processed anyway", [nameof(Status)]);
        }
    }

    internal WebhookLogFilter ToRetryFilter() => Status.Length == 0 ? ToFilter() with { Statuses = Broken } : ToFilter();
}

public sealed record BulkRetryResponse
{
    /// <summary>True if at least one log was (or would be) queued, or if there was nothing to do.</summary>
    public required bool Success { get; init; }
    public required int SuccessCount { get; init; }
    public required int FailedCount { get; init; }
    public required IReadOnlyList<BulkRetryFailure> FailedItems { get; init; }
    public required string Message { get; init; }

    /// <summary>True for a dry run; otherwise absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; init; }

    internal static BulkRetryResponse Of(IReadOnlyCollection<QueuedWebhook> judged, bool dryRun)
    {
        var failed = judged.Where(row => row.Refusal is not null).ToList();
        var queued = judged.Count - failed.Count;
        return new BulkRetryResponse
        {
            Success = queued > 0 || failed.Count == 0,
            SuccessCount = queued,
            FailedCount = failed.Count,
            FailedItems = failed.Select(row =>
            {
                var problem = WebhookRetries.ProblemOf(row, row.Refusal!);
                return new BulkRetryFailure(row.LogId, problem.Code, problem.Detail);
            }).ToList(),
            Message = dryRun
                ? $"Would queue {queued} webhooks for retry, {failed.Count} would fail"
                : $"Queued {queued} webhooks for retry, {failed.Count} failed",
            DryRun = dryRun,
        };
    }
}

/// <summary>Why one webhook log was not queued.</summary>
public sealed record BulkRetryFailure(Guid Id, string Code, string Error);
