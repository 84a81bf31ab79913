using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Retention;
using SalesBrain.Data.Whatsapp.Receiving;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Webhooks.Retention;

/// <summary>
/// Deletes logs, payloads, webhook receipts, rejections and unrouted events of WhatsApp past their retention. Daily, at a quiet hour.
/// </summary>
public sealed class ApplyWebhookRetention(
    TimerRuns runs, SalesBrainDatabase database, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<ApplyWebhookRetention> log)
{
    private const int BatchSize = 5000;

    [Function(nameof(ApplyWebhookRetention))]
    public Task Run([TimerTrigger("%ApplyWebhookRetentionSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<ApplyWebhookRetention>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Every step is idempotent and skips what another instance has locked, so two instances at once only share the work.
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var payloads = now.AddDays(-options.Value.PayloadRetentionDays);
        var processed = now.AddDays(-options.Value.ProcessedRetentionDays);
        var dead = now.AddDays(-options.Value.DeadRetentionDays);

        var months = await DropMonthsAsync(session, "webhook_payload", payloads,
            async month => !await WebhookRetention.HasUnfinishedAsync(session, month, cancellationToken), cancellationToken);
        months += await DropMonthsAsync(session, "webhook_delivery", payloads,
            async month => !await WebhookRetention.HasUnfinishedAsync(session, month, cancellationToken), cancellationToken);
        months += await DropMonthsAsync(session, "webhook_log", processed,
            async month => !await WebhookRetention.HasKeptAsync(session, month, keepDead: month.AddMonths(1) > dead, cancellationToken),
            cancellationToken);

        var deletedPayloads = await Batches.RepeatAsync(
            () => WebhookRetention.DeletePayloadsAsync(session, payloads, BatchSize, cancellationToken));
        var others = await Batches.RepeatAsync(
            () => WebhookRetention.DeleteDeliveriesAsync(session, payloads, BatchSize, cancellationToken));
        var deletedLogs = await Batches.RepeatAsync(() => CleanAsync(session, processed, ["processed", "ignored"], cancellationToken));
        deletedLogs += await Batches.RepeatAsync(() => CleanAsync(session, dead, ["dead"], cancellationToken));
        others += await Batches.RepeatAsync(
            () => WebhookRetention.DeleteReceiptsAsync(session, now - ReceivedWebhooks.ReceiptLifetime, BatchSize, cancellationToken));
        others += await Batches.RepeatAsync(() => WebhookRetention.DeleteAttemptsAsync(session, processed, BatchSize, cancellationToken));
        others += await Batches.RepeatAsync(() => WebhookRetention.DeleteRejectionsAsync(session, processed, BatchSize, cancellationToken));
        // Only the current hour's counts are read.
        others += await Batches.RepeatAsync(
            () => WebhookRetention.DeleteRejectionCountsAsync(session, now.AddDays(-1), BatchSize, cancellationToken));
        others += await Batches.RepeatAsync(
            () => UnroutedWhatsappEvents.DeleteAsync(session, now - UnroutedWhatsappEvents.Lifetime, BatchSize, cancellationToken));
        log.LogInformation(
            "Retention dropped {Months} monthly partitions and deleted {Logs} logs, {Payloads} payloads and {Others} receipts, attempts, "
            + "rejections, headers and unrouted events of WhatsApp",
            months, deletedLogs, deletedPayloads, others);
    }

    private async Task<int> DropMonthsAsync(
        PlatformSession session, string table, DateTime before, Func<DateTime, Task<bool>> isDroppable, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var month in (await WebhookRetention.GetMonthsAsync(session, table, cancellationToken)).Where(month => month.AddMonths(1) <= before))
        {
            if (!await isDroppable(month))
            {
                continue;
            }
            try
            {
                dropped += await WebhookRetention.DropMonthAsync(session, table, month, cancellationToken) ? 1 : 0;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                log.LogInformation("The partition of {Table} for {Month:yyyy-MM} is in use; it will be retried tomorrow", table, month);
            }
        }
        return dropped;
    }

    private static async Task<int> CleanAsync(
        PlatformSession session, DateTime before, string[] statuses, CancellationToken cancellationToken)
    {
        var counts = await WebhookCleanup.DeleteBatchAsync(session, new CleanupScope(null, before, statuses), BatchSize, cancellationToken);
        return (int)counts.Sum(count => count.Count);
    }
}
