using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Data.Webhooks.Retention;

namespace SalesBrain.Functions.Webhooks.Retention;

/// <summary>Deletes old webhook logs with their payloads, or reports what would be deleted. For callers who can repair webhooks.</summary>
public sealed class CleanUpWebhookLogs(RequestPipeline pipeline, TimeProvider clock)
{
    private const int BatchSize = 5000;

    /// <summary>The time limit of a call. It then returns its progress, and another call continues.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(45);

    [Function(nameof(CleanUpWebhookLogs))]
    [Operation("Webhook logs", "Delete old webhook logs", Description =
        "Deletes in batches and writes an audit log entry for each. Pending webhooks are never deleted. If complete is false, "
        + "the call reached its time limit: call again. With dry_run nothing is deleted.")]
    [Requires(Capability.RepairWebhooks)]
    [Returns(200, typeof(CleanupReport))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/webhooks/logs/cleanup")] HttpRequest request) =>
        pipeline.RunAsync<CleanUpWebhookLogs, CleanupQuery>(request, async (call, input) =>
        {
            var own = call.Caller.OrganizationId;
            if (own is not null && input.OrganizationId is not null && input.OrganizationId != own)
            {
                return ApiResults.Ok(CleanupReport.Of([], input.DryRun, complete: true));
            }
            var statuses = input.Status.Select(status => status.ToWireName()).ToArray();
            var scope = new CleanupScope(own ?? input.OrganizationId, call.Now.UtcDateTime.AddDays(-input.Days), statuses);
            return ApiResults.Ok(input.DryRun
                ? CleanupReport.Of(
                    await WebhookCleanup.CountAsync(call.Read(), scope, call.CancellationToken), dryRun: true, complete: true)
                : await DeleteAsync(call, scope));
        });

    private async Task<CleanupReport> DeleteAsync(Call call, CleanupScope scope)
    {
        var started = clock.GetTimestamp();
        var deleted = new List<CleanupCount>();
        while (clock.GetElapsedTime(started) < Budget)
        {
            await using var session = await call.WriteAsync();
            var batch = await WebhookCleanup.DeleteBatchAsync(session, scope, BatchSize, call.CancellationToken);
            if (batch.Count == 0)
            {
                return CleanupReport.Of(deleted, dryRun: false, complete: true);
            }
            await call.AuditAsync(
                session, "webhook_log.cleaned_up", "webhook_log", null, scope.OrganizationId,
                new
                {
                    before = scope.Before,
                    statuses = scope.Statuses,
                    deleted = batch.ToDictionary(count => count.Status, count => count.Count, StringComparer.Ordinal),
                });
            await session.CommitAsync();
            deleted.AddRange(batch);
        }
        return CleanupReport.Of(deleted, dryRun: false, complete: false);
    }
}

public sealed record CleanupQuery
{
    /// <summary>Only webhooks received more than this number of days ago.</summary>
    [Range(1, 3650)]
    public int Days { get; init; } = 30;

    /// <summary>Statuses to delete. Pending webhooks cannot be deleted.</summary>
    [Length(1, 4)]
    public CleanableStatus[] Status { get; init; } = [CleanableStatus.Processed, CleanableStatus.Ignored];

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Only count, without deleting.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Statuses that can be deleted.</summary>
public enum CleanableStatus
{
    Processed,
    Ignored,
    Failed,
    Dead,
}

/// <summary>What was deleted, or with dry_run would be deleted.</summary>
public sealed record CleanupReport
{
    public required bool DryRun { get; init; }

    /// <summary>False if the time limit ended the call before everything was deleted.</summary>
    public required bool Complete { get; init; }
    public required long Total { get; init; }
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>Total size of the rows and payloads in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the oldest of these webhooks was received.</summary>
    public required DateTime? Oldest { get; init; }

    internal static CleanupReport Of(IReadOnlyCollection<CleanupCount> counts, bool dryRun, bool complete) => new()
    {
        DryRun = dryRun,
        Complete = complete,
        Total = counts.Sum(count => count.Count),
        ByStatus = counts.GroupBy(count => count.Status, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(count => count.Count), StringComparer.Ordinal),
        Bytes = counts.Sum(count => count.Bytes),
        Oldest = counts.Count == 0 ? null : counts.Min(count => count.Oldest),
    };
}
