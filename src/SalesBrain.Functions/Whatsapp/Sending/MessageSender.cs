using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Security;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Sending;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Sending;

/// <summary>
/// Sends queued messages. That a message is being sent is committed before its request goes out, and a request whose end is not known is
/// not repeated: no message is sent twice by itself. Any number of instances share the work.
/// </summary>
public sealed class MessageSender(
    SalesBrainDatabase database, IWhatsappApi whatsapp, SecretBox secrets, MessageSignal signal, SendingMetrics metrics, TimeProvider clock,
    ILogger<MessageSender> log)
{
    /// <summary>How long a worker keeps a message: longer than its request takes and its result is stored.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    /// <summary>How far ahead messages are claimed. What an instance that dies has claimed and not sent becomes unknown.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromMilliseconds(250);

    /// <summary>Messages that become due within this time are waited for; for later ones the service or the timer comes back.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Requests of one organization that this instance has under way.</summary>
    private const int MaxInFlight = 100;

    /// <summary>Organizations that this instance sends for at a time.</summary>
    private const int MaxOrganizations = 16;

    private const int MostClaimed = 50;
    private const int StoringAttempts = 8;

    /// <summary>
    /// Sends what is due, until nothing is, at most for a slice and the requests that are under way then. Cancelling it stops after these
    /// requests. Returns how many messages WhatsApp took or refused. Throws <see cref="NpgsqlException"/> if the database is not available.
    /// </summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var handled = 0;
        var running = new Dictionary<Guid, Task<int>>();
        // Organizations that have nothing more to send, until others have had the time to queue something.
        var finished = new HashSet<Guid>();
        try
        {
            while (true)
            {
                if (!cancellationToken.IsCancellationRequested && clock.GetElapsedTime(started) < Slice)
                {
                    foreach (var organization in await QueuedMessages.FindDueAsync(database, Now, CancellationToken.None))
                    {
                        if (running.Count < MaxOrganizations && !running.ContainsKey(organization) && !finished.Contains(organization))
                        {
                            running[organization] = SendForAsync(organization, started, cancellationToken);
                        }
                    }
                }
                if (running.Count == 0)
                {
                    return handled;
                }
                if (!await IsAnyEndedAsync(running.Values, cancellationToken))
                {
                    finished.Clear();
                }
                foreach (var (organization, ended) in running.Where(run => run.Value.IsCompleted).ToList())
                {
                    running.Remove(organization);
                    var count = await ended;
                    handled += count;
                    if (count == 0)
                    {
                        finished.Add(organization);
                    }
                }
            }
        }
        finally
        {
            await Task.WhenAll(running.Values);
        }
    }

    /// <summary>When the next message may be sent; null if none waits for a time.</summary>
    public Task<DateTime?> FindNextDueAsync(CancellationToken cancellationToken) =>
        QueuedMessages.FindNextDueAsync(database, null, cancellationToken);

    /// <summary>Marks the messages of instances that have died as unknown, and measures the queue.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        var expired = await QueuedMessages.ExpireAsync(database, Now, cancellationToken);
        if (expired > 0)
        {
            metrics.Unknown(expired);
            log.LogWarning("{Messages} messages are unknown, because an instance stopped while it sent them", expired);
        }
        await MeasureAsync(cancellationToken);
    }

    /// <summary>Measures the queue, for the metrics.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var queue = await QueuedMessages.MeasureAsync(database, Now, cancellationToken);
        metrics.ObserveQueue(queue.Waiting, queue.OldestDue, queue.Unknown);
    }

    /// <summary>Waits until an organization's messages are sent. False if a message was queued before, or after a while.</summary>
    private async Task<bool> IsAnyEndedAsync(IEnumerable<Task<int>> running, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queued = signal.WaitAsync(LookAgain, enough.Token);
        var first = await Task.WhenAny([.. running, queued]);
        await enough.CancelAsync();
        await ((Task)queued).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (queued.IsCompletedSuccessfully && await queued && first != queued)
        {
            // Not lost: whoever waits next sees it.
            signal.Raise();
        }
        return first != queued;
    }

    private async Task<int> SendForAsync(Guid organization, long started, CancellationToken cancellationToken)
    {
        using var scope = log.BeginScope("organization {OrganizationId}", organization);
        var owner = Guid.NewGuid();
        var running = new List<Task<MessageAttempt>>();
        var handled = 0;
        try
        {
            while (true)
            {
                var isOver = cancellationToken.IsCancellationRequested || clock.GetElapsedTime(started) >= Slice;
                var claimed = isOver || running.Count >= MaxInFlight
                    ? []
                    // Not cancellable: what was claimed must be sent or returned.
                    : await QueuedMessages.ClaimAsync(
                        database, organization, owner, Math.Min(MostClaimed, MaxInFlight - running.Count), Lease, Horizon, Now,
                        CancellationToken.None);
                Start(organization, claimed, running, cancellationToken);
                if (running.Count == 0 && (isOver || !await WaitForNextAsync(organization, cancellationToken)))
                {
                    return handled;
                }
                if (running.Count > 0)
                {
                    // A message that has ended makes room for the next one of its conversation. Meanwhile other conversations may have got
                    // messages.
                    await Task.WhenAny([.. running, Task.Delay(Horizon, clock, CancellationToken.None)]);
                    handled += await StoreAsync(organization, owner, running);
                }
            }
        }
        finally
        {
            while (running.Count > 0)
            {
                await Task.WhenAny(running);
                await StoreAsync(organization, owner, running);
            }
        }
    }

    private void Start(Guid organization, List<ClaimedMessage> claimed, List<Task<MessageAttempt>> running, CancellationToken cancellationToken)
    {
        var tokens = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var message in claimed)
        {
            var key = Convert.ToBase64String(message.TokenSealed);
            if (!tokens.TryGetValue(key, out var token))
            {
                tokens[key] = token = Open(message.TokenSealed, organization);
            }
            running.Add(SendAsync(message, token, cancellationToken));
        }
    }

    private string? Open(byte[] tokenSealed, Guid organization)
    {
        try
        {
            return secrets.OpenText(tokenSealed, organization, WhatsappSecrets.TokenPurpose);
        }
        catch (SecretBoxException e)
        {
            log.LogError("The token of the WhatsApp account cannot be decrypted: {Reason}", e.Message);
            return null;
        }
    }

    /// <summary>Sends a message at its time. Never throws.</summary>
    private async Task<MessageAttempt> SendAsync(ClaimedMessage message, string? token, CancellationToken cancellationToken)
    {
        if (token is null)
        {
            return new(message) { Error = WhatsappErrors.TokenUnreadable };
        }
        if (message.SendAt > Now)
        {
            await Task.Delay(message.SendAt - Now, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (cancellationToken.IsCancellationRequested)
        {
            // Nothing has been sent.
            return new(message);
        }
        try
        {
            // Not cancellable: whether a cancelled request was executed, nobody knows. It ends within its own time limit.
            var result = await whatsapp.SendAsync(token, message.PhoneNumberId, MessageAttempt.RequestOf(message), CancellationToken.None);
            if (result.Failure is { } failure)
            {
                log.LogInformation("Message {MessageId} was not sent: {Failure}", message.MessageId, failure.ToString());
                return new(message) { Error = failure.Error };
            }
            return new(message) { Wamid = result.Value!.Wamid };
        }
        catch (Exception e)
        {
            log.LogError("Sending message {MessageId} failed with {Exception}", message.MessageId, e.GetType().Name);
            return new(message) { Error = WhatsappErrors.Unknown };
        }
    }

    /// <summary>Stores the results of the attempts that have ended. Returns how many messages were sent or refused.</summary>
    private async Task<int> StoreAsync(Guid organization, Guid owner, List<Task<MessageAttempt>> running)
    {
        var ended = running.Where(attempt => attempt.IsCompleted).ToList();
        if (ended.Count == 0)
        {
            return 0;
        }
        running.RemoveAll(ended.Contains);
        var attempts = await Task.WhenAll(ended);
        var now = Now;
        var results = attempts.Select(attempt => (Attempt: attempt, attempt.Failure)).ToList();
        var hold = results.Where(result => result.Failure is { HoldsQueue: true })
            .Max(result => (DateTime?)(now + result.Failure!.Delay!.Value));
        await RepeatAsync(async () =>
        {
            // Before the messages are in the queue again.
            foreach (var (attempt, error) in attempts.Select(attempt => (attempt, attempt.Error)).Where(a => a.Error is { NeedsReconnect: true } or { StopsAccount: true }))
            {
                await StopAsync(organization, attempt.Message, error!, now);
            }
            await QueuedMessages.SettleAsync(
                database, organization, owner, [.. attempts.Select(attempt => attempt.ToResult(now))], hold, now,
                CancellationToken.None);
        });
        foreach (var (attempt, failure) in results)
        {
            Count(attempt, failure, now);
        }
        return results.Count(result => result.Failure is not { Outcome: SendingOutcome.Returned });
    }

    private async Task StopAsync(Guid organization, ClaimedMessage message, WhatsappError error, DateTime now)
    {
        var pause = error.NeedsReconnect ? (DateTime?)null : now + SendingFailures.PauseAfter(error);
        var code = error.Code?.ToString(CultureInfo.InvariantCulture) ?? WhatsappErrors.TokenUnreadableCode;
        if (await QueuedMessages.StopAsync(database, organization, message.TokenSealed, pause, code, error.Sentence, now, CancellationToken.None))
        {
            log.LogWarning("Sending has stopped for organization {OrganizationId}: error {Code}", organization, code);
        }
    }

    private void Count(MessageAttempt attempt, SendingFailure? failure, DateTime now)
    {
        switch (failure?.Outcome)
        {
            case null:
                metrics.Sent(now - attempt.Message.QueuedAt);
                break;
            case SendingOutcome.Retry:
                metrics.Retried(SendingFailures.ClassOf(attempt.Error!));
                break;
            case SendingOutcome.Failed:
                metrics.Failed(SendingFailures.ClassOf(attempt.Error!));
                break;
            case SendingOutcome.Unknown:
                metrics.Unknown();
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Waits for a message of the organization that becomes due soon. False if there is none: another instance sends the organization's
    /// messages, or none waits.
    /// </summary>
    private async Task<bool> WaitForNextAsync(Guid organization, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested
            || await QueuedMessages.FindNextDueAsync(database, organization, CancellationToken.None) is not { } next || next - Now > ShortWait)
        {
            return false;
        }
        var wait = next - Now;
        await Task.Delay(wait < Horizon / 10 ? Horizon / 10 : wait, clock, cancellationToken).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }

    /// <summary>Until the database takes it, or for about 20 s: then the lease expires, and the messages are unknown.</summary>
    private async Task RepeatAsync(Func<Task> store)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await store();
                return;
            }
            catch (NpgsqlException e) when (attempt < StoringAttempts)
            {
                log.LogWarning(
                    "The results of messages could not be stored: {Reason}",
                    (e as PostgresException)?.SqlState ?? "the database is not available");
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 50 * Math.Pow(3, attempt - 1))), clock, CancellationToken.None);
            }
        }
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
