using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Whatsapp.Sending;

/// <summary>
/// The queue of outbound messages as workers see it. A worker claims messages for a limited time (the lease) under an id of its own: what
/// it stores about a message after another worker, or nobody, has it, changes nothing.
/// </summary>
public static class QueuedMessages
{
    private const int MostExpired = 500;

    /// <summary>The organizations that have messages to send now, those that waited longest first.</summary>
    public static Task<List<Guid>> FindDueAsync(SalesBrainDatabase database, DateTime now, CancellationToken cancellationToken) =>
        database.ReadPlatform().QueryAsync<Guid>("""
            select a.organization_id
            from app.whatsapp_account a
            cross join lateral (
                select q.due_at from app.message_queue q
                where q.organization_id = a.organization_id and q.due_at <= @now and q.lease_owner is null
                order by q.due_at
                limit 1
            ) q
            where a.status = 'configured' and (a.sends_after is null or a.sends_after <= @now)
            order by q.due_at
            """, new { now }, cancellationToken);

    /// <summary>When the next message of an organization (null: of any) may be sent; null if none waits for a time.</summary>
    public static Task<DateTime?> FindNextDueAsync(
        SalesBrainDatabase database, Guid? organizationId, CancellationToken cancellationToken) =>
        database.ReadPlatform().QuerySingleOrDefaultAsync<DateTime?>("""
            select min(greatest(q.due_at, a.sends_after, p.next_at))
            from app.whatsapp_account a
            cross join lateral (
                select h.due_at from app.message_queue h
                where h.organization_id = a.organization_id and h.due_at is not null and h.lease_owner is null
                    and not exists (
                        select from app.message_queue b
                        where b.organization_id = h.organization_id and b.conversation_id = h.conversation_id and b.number < h.number and b.due_at is not null)
                order by h.due_at
                limit 1
            ) q
            left join app.whatsapp_pace p on p.organization_id = a.organization_id
            where a.status = 'configured' and (@organizationId::uuid is null or a.organization_id = @organizationId)
            """, new { organizationId }, cancellationToken);

    /// <summary>
    /// Claims messages of an organization and marks them as sending. When it returns, that is committed. Each may be sent from its time on.
    /// </summary>
    public static Task<List<ClaimedMessage>> ClaimAsync(
        SalesBrainDatabase database, Guid organizationId, Guid owner, int most, TimeSpan lease, TimeSpan horizon, DateTime now, CancellationToken cancellationToken) =>
        database.AutoCommitPlatform().QueryAsync<ClaimedMessage>("""
            select m.message_id, m.message_created_at, m.peer_id, m.type, m.text, m.payload, m.reply_to_wamid, m.attempt, m.send_at,
                m.queued_at, m.phone_number_id, m.token_sealed
            from app.claim_messages(@organizationId, @owner, @most, @now, @lease, @horizon, @pairInterval, @pairBurst) m
            order by m.send_at
            """,
            new
            {
                organizationId,
                owner,
                most,
                now,
                lease,
                horizon,
                pairInterval = SendingPace.PairInterval,
                pairBurst = SendingPace.PairBurst,
            },
            cancellationToken);

    /// <summary>Stores what became of claimed messages, in one statement.</summary>
    /// <param name="holdUntil">Until then the number sends nothing; null: it goes on.</param>
    public static Task SettleAsync(
        SalesBrainDatabase database, Guid organizationId, Guid owner, IReadOnlyList<SendingResult> results, DateTime? holdUntil,
        DateTime now, CancellationToken cancellationToken) =>
        database.AutoCommitPlatform().ExecuteAsync("""
            select app.settle_messages(@organizationId, @owner, @results::jsonb, @holdUntil, @now)
            """,
            new { organizationId, owner, results = JsonSerializer.Serialize(results, ColumnJson.Options), holdUntil, now },
            cancellationToken);

    /// <summary>
    /// Stops sending for an organization and notifies its people. False if its account has another token by now, or has stopped before.
    /// </summary>
    /// <param name="pause">Until when; null: until it is connected again.</param>
    public static Task<bool> StopAsync(
        SalesBrainDatabase database, Guid organizationId, byte[] token, DateTime? pause, string code, string message, DateTime now, CancellationToken cancellationToken) =>
        database.AutoCommitPlatform().QuerySingleAsync<bool>(
            "select app.stop_sending(@organizationId, @token, @pause, @code, @message, @now)",
            new { organizationId, token, pause, code, message, now }, cancellationToken);

    /// <summary>Marks the messages of workers that have died as unknown. Returns how many.</summary>
    public static async Task<int> ExpireAsync(SalesBrainDatabase database, DateTime now, CancellationToken cancellationToken)
    {
        var total = 0;
        int expired;
        do
        {
            expired = await database.AutoCommitPlatform().QuerySingleAsync<int>(
                "select app.expire_sending(@now, @MostExpired)", new { now, MostExpired }, cancellationToken);
            total += expired;
        }
        while (expired == MostExpired);
        return total;
    }

    /// <summary>How many messages wait to be sent, since when the oldest is due, and how many are unknown.</summary>
    public static Task<QueueState> MeasureAsync(SalesBrainDatabase database, DateTime now, CancellationToken cancellationToken) =>
        database.ReadPlatform().QuerySingleAsync<QueueState>("""
            select count(*) filter (where q.due_at is not null) as waiting,
                min(q.due_at) filter (where q.due_at <= @now and a.status = 'configured' and (a.sends_after is null or a.sends_after <= @now)) as oldest_due,
                count(*) filter (where q.due_at is null) as unknown
            from app.message_queue q
            left join app.whatsapp_account a on a.organization_id = q.organization_id
            """, new { now }, cancellationToken);
}

/// <summary>A message that a worker sends.</summary>
// A class, not a record: a record's ToString would print the text and the number.
public sealed class ClaimedMessage
{
    public Guid MessageId { get; init; }
    public DateTime MessageCreatedAt { get; init; }
    public string PeerId { get; init; } = "";
    public string Type { get; init; } = "";
    public string? Text { get; init; }
    public JsonElement Payload { get; init; }
    public string? ReplyToWamid { get; init; }

    /// <summary>Failed attempts so far.</summary>
    public int Attempt { get; init; }

    /// <summary>Not earlier: so the number keeps its pace.</summary>
    public DateTime SendAt { get; init; }

    /// <summary>When it became due.</summary>
    public DateTime QueuedAt { get; init; }
    public string PhoneNumberId { get; init; } = "";
    public byte[] TokenSealed { get; init; } = [];
}

/// <summary>What became of a claimed message.</summary>
/// <param name="Outcome"><c>sent</c>, <c>retry</c>, <c>failed</c>, <c>unknown</c> or <c>returned</c>.</param>
public sealed record SendingResult(Guid MessageId, DateTime MessageCreatedAt, string Outcome)
{
    public string? Wamid { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }

    /// <summary>Failed attempts from now on; null: as before.</summary>
    public int? Attempt { get; init; }

    /// <summary>When it is sent again.</summary>
    public DateTime? DueAt { get; init; }
}

/// <summary>The queue over all organizations.</summary>
public sealed record QueueState
{
    public long Waiting { get; init; }

    /// <summary>Null if none is due. Messages of accounts that have stopped are not due.</summary>
    public DateTime? OldestDue { get; init; }
    public long Unknown { get; init; }
}
