using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>Tokens of links with which a person sets a password without knowing one. Stored as SHA-256, used once.</summary>
public static class PasswordTokens
{
    /// <summary>How long a link from "forgot password" works.</summary>
    public static readonly TimeSpan ResetLifetime = TimeSpan.FromMinutes(45);

    /// <summary>How long the link works with which a new user sets the first password.</summary>
    public static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    /// <summary>Most reset links of one user that work at the same time: more requests bring no more mail.</summary>
    public const int MaxResets = 3;

    /// <summary>
    /// Makes an invitation for a user of the organization, null for a platform operator, in the session's transaction. Returns the token,
    /// which nobody can read again, and the organization's name. Earlier invitations of that user stop working. Throws
    /// <see cref="Npgsql.PostgresException"/> (insufficient privilege) in a tenant session whose role may not change that user.
    /// </summary>
    public static async Task<(string Token, string? OrganizationName)> IssueInvitationAsync(
        DatabaseSession session, Guid? organizationId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = OpaqueTokens.Create();
        var organizationName = await session.QuerySingleAsync<string?>("""
            with earlier as (
                delete from app.password_token
                where organization_id is not distinct from @organizationId and user_id = @userId and purpose = 'invitation')
            insert into app.password_token (id, organization_id, user_id, purpose, token_hash, created_at, expires_at)
            values (@id, @organizationId, @userId, 'invitation', @hash, @now, @expiresAt)
            returning (select o.name from app.organization o where o.id = @organizationId)
            """, new
        {
            id = Guid.CreateVersion7(now),
            organizationId,
            userId,
            hash = OpaqueTokens.Hash(token),
            now = now.UtcDateTime,
            expiresAt = (now + InvitationLifetime).UtcDateTime,
        }, cancellationToken);
        return (token, organizationName);
    }

    /// <summary>
    /// Creates a reset token for a user locked by <see cref="SignInAccounts.LockSignInAsync"/>, in the same transaction, and returns its id
    /// and the token. Null if the user already has <see cref="MaxResets"/> tokens. Earlier tokens stay valid; otherwise an attacker could
    /// invalidate the user's link by requesting new ones.
    /// </summary>
    public static async Task<(Guid Id, string Token)?> IssueResetAsync(
        PlatformSession session, Guid? organizationId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, token) = (Guid.CreateVersion7(now), OpaqueTokens.Create());
        var issued = await session.ExecuteAsync("""
            insert into app.password_token (id, organization_id, user_id, purpose, token_hash, created_at, expires_at)
            select @id, @organizationId, @userId, 'reset', @hash, @now, @expiresAt
            where @max > (
                select count(*) from app.password_token
                where user_id = @userId and purpose = 'reset' and used_at is null and expires_at > @now)
            """, new
        {
            id,
            organizationId,
            userId,
            hash = OpaqueTokens.Hash(token),
            now = now.UtcDateTime,
            expiresAt = (now + ResetLifetime).UtcDateTime,
            max = MaxResets,
        }, cancellationToken);
        return issued == 0 ? null : (id, token);
    }

    /// <summary>The stored token of a presented one, locked until the transaction ends; null if it is unknown.</summary>
    public static Task<PasswordTokenRow?> OpenAsync(PlatformSession session, string token, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<PasswordTokenRow>("""
            select user_id, organization_id, purpose, expires_at, used_at, status
            from app.open_password_token(@hash)
            """, new { hash = OpaqueTokens.Hash(token) }, cancellationToken);

    /// <summary>Ends all links of a user: one has been used, or the password was set otherwise.</summary>
    public static Task UseAllAsync(PlatformSession session, Guid userId, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "update app.password_token set used_at = @now where user_id = @userId and used_at is null", new { userId, now },
            cancellationToken);

    /// <summary>Deletes a token that was not delivered.</summary>
    public static Task DeleteAsync(PlatformSession session, Guid id, CancellationToken cancellationToken) =>
        session.ExecuteAsync("delete from app.password_token where id = @id", new { id }, cancellationToken);

    /// <summary>Removes tokens that expired before, at most so many; returns how many.</summary>
    public static Task<int> DeleteExpiredAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.password_token
            where id in (select id from app.password_token where expires_at < @before order by expires_at limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);
}

/// <summary>A presented set-password token, and its user as they are now.</summary>
public sealed record PasswordTokenRow
{
    public Guid UserId { get; init; }
    public Guid? OrganizationId { get; init; }

    /// <summary><c>reset</c> or <c>invitation</c>.</summary>
    public string Purpose { get; init; } = "";
    public DateTime ExpiresAt { get; init; }
    public DateTime? UsedAt { get; init; }
    public string Status { get; init; } = "";

    /// <summary>Whether the link is valid: an invitation for an invited user, or a reset for an active user.</summary>
    public bool Works(DateTime now) =>
        UsedAt is null && ExpiresAt > now && (Purpose, Status) is ("invitation", "invited") or ("reset", "active");
}
