using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Security;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>
/// Processes due logs. A batch is one transaction: its effects, its activities and the status of its logs are written together or not at all.
/// If a batch fails, its logs are processed one by one, so that a failing event does not use up the other events' retries.
/// </summary>
public sealed class WebhookProcessor(
    SalesBrainDatabase database, AssignmentSignal assignment, AddressHashKeys hashKeys, WebhookMetrics metrics, TimeProvider clock,
    ILogger<WebhookProcessor> log)
{
    private const int Organizations = 20;
    private const int PerOrganization = 25;

    /// <summary>Attempts at one webhook while other sessions are in the way.</summary>
    private const int MostConflicts = 5;

    /// <summary>
    /// Processes one batch and returns the number of its logs; 0 if it found no due log. After a conflict it returns 1, so that the caller tries
    /// again. Throws <see cref="NpgsqlException"/> if the database is not available.
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
    /// Processes one log if it is due. If another session is processing it, this waits for the result instead. An event's failure is recorded; a
    /// failure of the database is thrown.
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
        var effects = new List<WebhookEffect>(webhooks.Count);
        var applied = new List<DueWebhook>(webhooks.Count);
        var ignored = new List<DueWebhook>();
        var failures = new List<FailedWebhook>();
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
                effects.Add(WithHashes(effect, hashes));
                applied.Add(webhook);
            }
            else if (plan.Failure is { } failure)
            {
                failures.Add(Failed(webhook, failure, started));
            }
            else
            {
                ignored.Add(webhook);
            }
        }
        var newContacts = 0;
        if (effects.Count > 0)
        {
            trace?.Applying();
            newContacts = await DueWebhooks.ApplyAsync(session, JsonSerializer.Serialize(effects, WebhookEffect.Json), Now, cancellationToken);
            trace?.Applied();
        }
        // After the effects: a changed log locks a version of its organization, for which other processors wait when they have made contacts.
        if (corrections.Count > 0)
        {
            await DueWebhooks.CorrectAsync(session, corrections, cancellationToken);
        }
        if (ignored.Count > 0)
        {
            await DueWebhooks.IgnoreAsync(session, ignored, cancellationToken);
        }
        if (failures.Count > 0)
        {
            await DueWebhooks.FailAsync(session, failures, Now, cancellationToken);
        }
        await session.CommitAsync();
        if (newContacts > 0)
        {
            assignment.Raise();
        }
        for (var i = 0; i < applied.Count; i++)
        {
            Report(applied[i], ProcessingOutcome.Processed, started);
            trace?.Attempted(applied[i], ProcessingOutcome.Processed, errorCode: null, effects[i]);
        }
        foreach (var webhook in ignored)
        {
            Report(webhook, ProcessingOutcome.Ignored, started);
            trace?.Attempted(webhook, ProcessingOutcome.Ignored, errorCode: null, effect: null);
        }
        foreach (var failed in failures)
        {
            Report(failed, started);
            trace?.Attempted(failed.Log, OutcomeOf(failed), failed.Code, effect: null);
        }
    }

    /// <summary>Which addresses are new, the database knows.</summary>
    private static WebhookEffect WithHashes(WebhookEffect effect, AddressHashes hashes) => effect.EmailNorm is { } address
        ? effect with { EmailHashes = [.. hashes.FindBy(effect.OrganizationId, address).Select(hash => @"\x" + Convert.ToHexStringLower(hash))] }
        : effect;

    private void Report(FailedWebhook failed, long started) => Report(failed.Log, OutcomeOf(failed), started);

    /// <summary>Counts an attempt whose result is committed. A log that a person queued has a retry count and is no longer failed.</summary>
    private void Report(DueWebhook webhook, ProcessingOutcome outcome, long started) =>
        metrics.Attempted(webhook.EventSource, outcome, webhook.Status == "failed" || webhook.RetryCount > 0, clock.GetElapsedTime(started));

    private static ProcessingOutcome OutcomeOf(FailedWebhook failed) =>
        failed.NextRetryAt is null ? ProcessingOutcome.Dead : ProcessingOutcome.Failed;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private FailedWebhook Failed(DueWebhook webhook, WebhookFailure failure, long started)
    {
        // Failed attempts: the first one, the retries so far, and this one if it is a retry, which RetryCount does not count yet.
        var failures = webhook.RetryCount + (webhook.Status == "failed" ? 1 : 0) + 1;
        return new FailedWebhook(
            webhook, failure.Code, failure.Message, Now + RetryRules.DelayAfter(failures), (int)clock.GetElapsedTime(started).TotalMilliseconds);
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
    /// Whether another session was in the way, so that the same batch succeeds when it is processed again: also if a contact's address has just
    /// become another contact's, because they were merged.
    /// </summary>
    private static bool IsConflict(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || e.ConstraintName == "contact_former_email_pkey";
}
