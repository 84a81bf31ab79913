using SalesBrain.Core.Security;
using SalesBrain.Data.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Live;

/// <summary>Tickets with which browsers open streams. Stored as SHA-256, used once.</summary>
public static class StreamTickets
{
    /// <summary>How long a ticket works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Makes a ticket, which nobody can read again, for a user's session and the channels.</summary>
    public static async Task<string> IssueAsync(
        PlatformSession session, Guid? organizationId, Guid userId, Guid sessionId, IReadOnlyCollection<string> channels,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = OpaqueTokens.Create();
        await session.ExecuteAsync("""
            insert into app.stream_ticket (id, organization_id, user_id, session_id, token_hash, channels, created_at, expires_at)
            values (@id, @organizationId, @userId, @sessionId, @hash, @channels, @now, @expiresAt)
            """, new
        {
            id = Guid.CreateVersion7(now),
            organizationId,
            userId,
            sessionId,
            hash = OpaqueTokens.Hash(token),
            channels = channels.ToArray(),
            now = now.UtcDateTime,
            expiresAt = (now + Lifetime).UtcDateTime,
        }, cancellationToken);
        return token;
    }

    /// <summary>
    /// Uses a ticket up. Null if it is unknown, used or expired, or if its session has ended since, the user is not active, or the
    /// organization is suspended.
    /// </summary>
    public static Task<RedeemedTicket?> RedeemAsync(
        PlatformSession session, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        token.Length > OpaqueTokens.MaxLength
            ? Task.FromResult<RedeemedTicket?>(null)
            : session.QuerySingleOrDefaultAsync<RedeemedTicket>("""
                with used as (
                    delete from app.stream_ticket
                    where token_hash = @hash and expires_at > @now
                    returning user_id, session_id, channels)
                select u.id as user_id, u.role, u.organization_id, u.agency_id, u.client_id, t.session_id, t.channels
                from used t
                join app.refresh_token f on f.id = t.session_id and f.family_id = f.id and f.revoked_at is null
                join app.user u on u.id = t.user_id and u.id = f.user_id and u.status = 'active'
                left join app.organization o on o.id = u.organization_id
                where u.organization_id is null or o.status = 'active'
                """, new { hash = OpaqueTokens.Hash(token), now = now.UtcDateTime }, cancellationToken);

    /// <summary>Deletes expired tickets; returns how many, at most <paramref name="limit"/>.</summary>
    public static Task<int> DeleteExpiredAsync(
        PlatformSession session, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            -- In the order of their place, so that two instances wait for each other instead of deadlocking: tickets never change.
            delete from app.stream_ticket
            where ctid = any (array(select t.ctid from app.stream_ticket t where t.expires_at <= @now order by t.expires_at limit @limit))
            """, new { now = now.UtcDateTime, limit }, cancellationToken);
}

/// <summary>What a ticket was for, and who its user is now.</summary>
public sealed record RedeemedTicket : SessionRow
{
    public Guid SessionId { get; init; }

    public string[] Channels { get; init; } = [];
}
