using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;

namespace SalesBrain.Functions.Webhooks.Processing;

/// <summary>Shared by the single and the bulk retry: queues as the caller, writes the audit log, and processes.</summary>
public sealed class WebhookRetries(
    SalesBrainDatabase database, WebhookProcessor processor, WebhookSignal signal, ILogger<WebhookRetries> log)
{
    private static readonly string[] RepeatableTypes =
        EventTypes.All.Select(type => type.Name).Where(WebhookEventRules.MayRepeat).ToArray();

    /// <summary>Maximum number of ids in an audit entry. The count is always included.</summary>
    private const int MostInReceipt = 500;

    /// <summary>
    /// Queues the logs that can be queued, with an audit entry per organization in the same transaction. Returns a row per requested log.
    /// </summary>
    public async Task<List<QueuedWebhook>> QueueAsync(
        Call call, IReadOnlyCollection<Guid> logIds, bool force)
    {
        await using var session = await call.WriteAsync();
        var queued = await QueueAsync(session, call, logIds, force);
        foreach (var organization in queued.Where(row => row.Refusal is null).GroupBy(row => row.OrganizationId))
        {
            var ids = organization.Select(row => row.LogId).ToArray();
            await call.AuditAsync(
                session, "webhook_log.retried", "webhook_log", ids.Length == 1 ? ids[0] : null, organization.Key,
                new { count = ids.Length, log_ids = ids.Take(MostInReceipt), force });
        }
        await session.CommitAsync();
        if (queued.Exists(row => row.Refusal is not null))
        {
            // Pending logs were locked here for a moment, so a processor may have skipped them.
            signal.Raise();
        }
        return queued;
    }

    /// <summary>Returns what queueing would do, without changing anything.</summary>
    public async Task<List<QueuedWebhook>> JudgeAsync(
        Call call, IReadOnlyCollection<Guid> logIds, bool force)
    {
        // The same statement, in a transaction that is not committed.
        List<QueuedWebhook> judged;
        await using (var session = await call.WriteAsync())
        {
            judged = await QueueAsync(session, call, logIds, force);
        }
        // As in QueueAsync.
        signal.Raise();
        return judged;
    }

    /// <summary>
    /// Processes a queued log immediately and returns its state. If the database fails meanwhile, the timer will process it.
    /// </summary>
    public async Task<RetriedWebhook> ProcessAsync(QueuedWebhook queued, CancellationToken cancellationToken)
    {
        try
        {
            await processor.ProcessOneAsync(queued.OrganizationId!.Value, queued.LogId, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            log.LogWarning(e, "Webhook {LogId} is queued; the timer will process it", queued.LogId);
        }
        var state = await WebhookRepairs.GetStateAsync<RetriedWebhook>(
            database.ReadPlatform(), queued.OrganizationId!.Value, queued.LogId, cancellationToken);
        if (state.Status == "pending")
        {
            // The database failed, or a bulk retry has queued it again meanwhile.
            signal.Raise();
        }
        return state;
    }

    private static async Task<List<QueuedWebhook>> QueueAsync(
        DatabaseSession session, Call call, IReadOnlyCollection<Guid> logIds, bool force)
    {
        var ignored = await WebhookRepairs.FindIgnoredAsync(session, logIds, call.CancellationToken);
        var readable = ignored.Where(log => log.IsKnownNow).Select(log => log.Id).ToArray();
        return await WebhookRepairs.QueueAsync(
            session, logIds, readable, force, RepeatableTypes, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
    }

    internal static Problem ProblemOf(QueuedWebhook queued, string refusal) => refusal switch
    {
        "not_found" => Problems.NotFound,
        "webhook_already_queued" => Problems.WebhookAlreadyQueued,
        "webhook_payload_gone" => Problems.WebhookPayloadGone,
        _ => Problems.WebhookAlreadyProcessed.Because(
            $"The webhook is already {queued.PreviousStatus}. Send {{\"force\": true}} to process it again."),
    };
}
