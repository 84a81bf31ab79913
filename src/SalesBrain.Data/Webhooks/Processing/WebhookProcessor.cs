using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Security;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>
/// Processes due logs. A batch is one transaction: its effects, its activities and the status of its logs are written together or not at
/// all. If a batch fails, its logs are processed one by one, so that a failing event does not use up the other events' retries.
/// </summary>
public sealed class WebhookProcessor(
    SalesBrainDatabase database, AssignmentSignal assignment, AddressHashKeys hashKeys, WebhookMetrics metrics, TimeProvider clock,
    ILogger<WebhookProcessor> log)
{
    private const int Organizations = 20;
    private const int PerOrganization = 25;

    /// <summary>Attempts at one webhook while other sessions are in the way.</summary>
    private const int MostConflicts = 5;

    private int _mixedBatches;

    /// <summary>
    /// Processes one batch and returns the number of its logs; 0 if it found no due log. After a conflict it returns 1, so that the caller
    /// tries again. Throws <see cref="NpgsqlException"/> if the database is not available.
    /// </summary>
    public async Task<int> ProcessBatchAsync(CancellationToken cancellationToken)
    {
        List<DueWebhook> claimed;
        var hashes = await hashKeys.GetAsync(cancellationToken);
        try
        {
            await using var session = await database.WritePlatformAsync(cancellationToken);
            claimed = await DueWebhooks.ClaimDueAsync(session, Now, Organizations, PerOrganization, cancellationToken);
            if (claimed.Count == 0)
            {
                return 0;
            }
            claimed = OfOneKind(claimed);
            try
            {
                await ProcessAsync(session, claimed, hashes, cancellationToken);
                return claimed.Count;
            }
            catch (Exception e) when (IsAboutTheEvent(e))
            {
                log.LogWarning(e, "A batch of {Count} webhooks failed together; processing them one by one", claimed.Count);
            }
        }
        catch (PostgresException e) when (IsConflict(e))
        {
            // The transaction was rolled back, so the logs are still due. The caller tries again, because the result is not 0.
            log.LogInformation("A batch of webhooks conflicted with another one and is retried");
            return 1;
        }
        foreach (var webhook in claimed)
        {
            await ProcessOneAsync(webhook.OrganizationId, webhook.Id, cancellationToken);
        }
        return claimed.Count;
    }

    /// <summary>
    /// Processes one log if it is due. If another session is processing it, this waits for the result instead. An event's failure is
    /// recorded; a failure of the database is thrown.
    /// </summary>
    public async Task ProcessOneAsync(Guid organizationId, Guid logId, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await TryOneAsync(organizationId, logId, cancellationToken);
                return;
            }
            catch (PostgresException e) when (IsConflict(e) && conflicts < MostConflicts)
            {
                log.LogInformation("Webhook {LogId} conflicted with another session and is retried", logId);
            }
        }
    }

    private async Task TryOneAsync(Guid organizationId, Guid logId, CancellationToken cancellationToken)
    {
        var (started, startedAt) = (clock.GetTimestamp(), DateTimeOffset.UtcNow);
        Exception failure;
        var hashes = await hashKeys.GetAsync(cancellationToken);
        try
        {
            await using var session = await database.WritePlatformAsync(cancellationToken);
            if (await DueWebhooks.ClaimAsync(session, organizationId, logId, Now, cancellationToken) is { } webhook)
            {
                await ProcessAsync(session, [webhook], hashes, cancellationToken);
            }
            return;
        }
        catch (Exception e) when (IsAboutTheEvent(e))
        {
            failure = e;
        }

        // The failed transaction released the lock. Lock the row again to record the attempt.
        await using var record = await database.WritePlatformAsync(cancellationToken);
        if (await DueWebhooks.ClaimAsync(record, organizationId, logId, Now, cancellationToken) is { } again)
        {
            log.LogError(failure, "Webhook {LogId} could not be processed", logId);
            var failed = Failed(again, WebhookFailures.ProcessingFailed, started);
            using var trace = Tracing.Source.HasListeners()
                ? ProcessingTrace.Start(await DueWebhooks.GetPayloadsAsync(record, [again], cancellationToken), startedAt)
                : null;
            await DueWebhooks.FailAsync(record, [failed], Now, cancellationToken);
            await record.CommitAsync();
            Report(failed, started);
            trace?.Attempted(again, OutcomeOf(failed), failed.Code, effect: null);
        }
    }

    private async Task ProcessAsync(
        PlatformSession session, List<DueWebhook> webhooks, AddressHashes hashes, CancellationToken cancellationToken)
    {
        var (started, startedAt) = (clock.GetTimestamp(), DateTimeOffset.UtcNow);
        var payloads = (await DueWebhooks.GetPayloadsAsync(session, webhooks, cancellationToken)).ToDictionary(payload => payload.LogId);
        using var trace = ProcessingTrace.Start(payloads.Values, startedAt);
        var batch = IsWhatsapp(webhooks[0])
            ? await ApplyWhatsappAsync(session, webhooks, payloads, started, trace, cancellationToken)
            : await ApplyAsync(session, webhooks, payloads, hashes, started, trace, cancellationToken);
        if (batch.Ignored.Count > 0)
        {
            await DueWebhooks.IgnoreAsync(session, batch.Ignored, cancellationToken);
        }
        if (batch.Failures.Count > 0)
        {
            await DueWebhooks.FailAsync(session, batch.Failures, Now, cancellationToken);
        }
        await session.CommitAsync();
        if (batch.NewContacts > 0)
        {
            assignment.Raise();
        }
        foreach (var (webhook, effect) in batch.Applied)
        {
            Report(webhook, ProcessingOutcome.Processed, started);
            trace?.Attempted(webhook, ProcessingOutcome.Processed, errorCode: null, effect);
        }
        foreach (var webhook in batch.Ignored.Concat(batch.MarkedIgnored))
        {
            Report(webhook, ProcessingOutcome.Ignored, started);
            trace?.Attempted(webhook, ProcessingOutcome.Ignored, errorCode: null, effect: null);
        }
        foreach (var failed in batch.Failures)
        {
            Report(failed, started);
            trace?.Attempted(failed.Log, OutcomeOf(failed), failed.Code, effect: null);
        }
    }

    private async Task<ProcessedBatch> ApplyAsync(
        PlatformSession session, List<DueWebhook> webhooks, Dictionary<Guid, WebhookPayload> payloads, AddressHashes hashes, long started,
        ProcessingTrace? trace, CancellationToken cancellationToken)
    {
        var batch = new ProcessedBatch();
        var corrections = new List<DueWebhook>();
        foreach (var webhook in webhooks)
        {
            var plan = WebhookPlan.Of(webhook, payloads.GetValueOrDefault(webhook.Id), clock.GetUtcNow());
            if (plan.Correction is { } correction)
            {
                corrections.Add(correction);
            }
            if (plan.Effect is { } effect)
            {
                batch.Applied.Add((webhook, WithHashes(effect, hashes)));
            }
            else if (plan.Failure is { } failure)
            {
                batch.Failures.Add(Failed(webhook, failure, started));
            }
            else
            {
                batch.Ignored.Add(webhook);
            }
        }
        var organizations = OrganizationsOf(webhooks, corrections.Count, batch);
        if (batch.Applied.Count > 0)
        {
            trace?.Applying();
            var effects = JsonSerializer.Serialize(batch.Applied.Select(applied => applied.Effect), ColumnJson.Options);
            batch.NewContacts = await DueWebhooks.ApplyAsync(session, effects, organizations, Now, cancellationToken);
            trace?.Applied();
        }
        else if (organizations is not null)
        {
            await DueWebhooks.LockVersionsAsync(session, organizations, cancellationToken);
        }
        // After the effects: a changed log locks a version of its organization, for which other processors wait when they have made
        // contacts.
        if (corrections.Count > 0)
        {
            await DueWebhooks.CorrectAsync(session, corrections, cancellationToken);
        }
        return batch;
    }

    private async Task<ProcessedBatch> ApplyWhatsappAsync(
        PlatformSession session, List<DueWebhook> webhooks, Dictionary<Guid, WebhookPayload> payloads, long started, ProcessingTrace? trace,
        CancellationToken cancellationToken)
    {
        var batch = new ProcessedBatch();
        var events = new List<(DueWebhook Webhook, WhatsappEvent Event)>();
        foreach (var webhook in webhooks)
        {
            var plan = WhatsappPlan.Of(webhook, payloads.GetValueOrDefault(webhook.Id), clock.GetUtcNow());
            if (plan.Event is { } read)
            {
                events.Add((webhook, read));
            }
            else if (plan.Failure is { } failure)
            {
                batch.Failures.Add(Failed(webhook, failure, started));
            }
            else
            {
                batch.Ignored.Add(webhook);
            }
        }
        var organizations = OrganizationsOf(webhooks, 0, batch, events.Count);
        if (events.Count > 0)
        {
            trace?.Applying();
            var ignored = await DueWhatsappEvents.ApplyAsync(session, events.Select(one => one.Event), organizations, Now, cancellationToken);
            trace?.Applied();
            batch.Applied.AddRange(
                events.Where(one => !ignored.Contains(one.Webhook.Id)).Select(one => (one.Webhook, (WebhookEffect?)null)));
            batch.MarkedIgnored.AddRange(events.Where(one => ignored.Contains(one.Webhook.Id)).Select(one => one.Webhook));
        }
        else if (organizations is not null)
        {
            await DueWebhooks.LockVersionsAsync(session, organizations, cancellationToken);
        }
        return batch;
    }

    /// <summary>
    /// The organizations whose logs a batch changes, if it changes logs in several statements; null if one statement changes them all.
    /// </summary>
    private static Guid[]? OrganizationsOf(List<DueWebhook> webhooks, int corrections, ProcessedBatch batch, int events = 0)
    {
        var statements = new[] { batch.Applied.Count + events, corrections, batch.Ignored.Count, batch.Failures.Count }.Count(rows => rows > 0);
        return statements > 1 ? [.. webhooks.Select(webhook => webhook.OrganizationId).Distinct()] : null;
    }

    private static bool IsWhatsapp(DueWebhook webhook) => webhook.EventSource == WhatsappEventTypes.Source;

    /// <summary>
    /// The claimed logs that are processed together: those of WhatsApp or the others. Both lock contacts first, so they are not in one
    /// transaction. Batches with both kinds alternate; what is left out is released, and still due.
    /// </summary>
    private List<DueWebhook> OfOneKind(List<DueWebhook> claimed)
    {
        var isMixed = claimed.Exists(IsWhatsapp) && !claimed.TrueForAll(IsWhatsapp);
        return isMixed
            ? claimed.FindAll(Interlocked.Increment(ref _mixedBatches) % 2 == 0 ? IsWhatsapp : webhook => !IsWhatsapp(webhook))
            : claimed;
    }

    /// <summary>Which addresses are new, the database knows.</summary>
    private static WebhookEffect WithHashes(WebhookEffect effect, AddressHashes hashes) => effect.EmailNorm is { } address
        ? effect with
        {
            EmailHashes = [.. hashes.FindBy(effect.OrganizationId, address).Select(hash => @"\x" + Convert.ToHexStringLower(hash))],
        }
        : effect;

    private void Report(FailedWebhook failed, long started) => Report(failed.Log, OutcomeOf(failed), started);

    /// <summary>
    /// Counts an attempt whose result is committed. A log that a person queued has a retry count and is no longer failed.
    /// </summary>
    private void Report(DueWebhook webhook, ProcessingOutcome outcome, long started) =>
        metrics.Attempted(
            webhook.EventSource, outcome, webhook.Status == "failed" || webhook.RetryCount > 0, clock.GetElapsedTime(started));

    private static ProcessingOutcome OutcomeOf(FailedWebhook failed) =>
        failed.NextRetryAt is null ? ProcessingOutcome.Dead : ProcessingOutcome.Failed;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private FailedWebhook Failed(DueWebhook webhook, WebhookFailure failure, long started)
    {
        // Failed attempts: the first one, the retries so far, and this one if it is a retry, which RetryCount does not count yet.
        var failures = webhook.RetryCount + (webhook.Status == "failed" ? 1 : 0) + 1;
        return new FailedWebhook(
            webhook, failure.Code, failure.Message, Now + RetryRules.DelayAfter(failures),
            (int)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>
    /// A lost connection, a cancelled run or a conflict with another session is not the event's fault and does not count as an attempt.
    /// </summary>
    private static bool IsAboutTheEvent(Exception e) => e switch
    {
        OperationCanceledException => false,
        PostgresException conflict when IsConflict(conflict) => false,
        _ => !DatabaseAvailability.IsLost(e),
    };

    /// <summary>
    /// Whether another session was in the way, so that the same batch succeeds when it is processed again: also if a contact's address has
    /// just become another contact's, because they were merged.
    /// </summary>
    private static bool IsConflict(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || e.ConstraintName == "contact_former_email_pkey";
}
