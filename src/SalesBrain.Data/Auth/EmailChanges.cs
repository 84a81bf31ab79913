using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>
/// Changes of e-mail addresses that are not confirmed yet, at most one per user. The token of the mailed link is stored as SHA-256 and used
/// once. Until then the user keeps the old address.
/// </summary>
public static class EmailChanges
{
    /// <summary>How long the link works with which a new address is confirmed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>
    /// Requests a change for a locked user and returns the token, which nobody can read again. Replaces an earlier change. If another user
    /// requests it, the user's sessions end. Throws <see cref="Npgsql.PostgresException"/> (insufficient privilege) in a tenant
    /// session whose role may not change that user.
    /// </summary>
    public static async Task<string> RequestAsync(
        DatabaseSession session, NewEmailChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = OpaqueTokens.Create();
        await session.ExecuteAsync("""
            delete from app.email_change where organization_id is not distinct from @OrganizationId and user_id = @UserId;
            insert into app.email_change (id, organization_id, user_id, email, email_norm, requested_by, token_hash, created_at, expires_at)
            values (@id, @OrganizationId, @UserId, @Email, @EmailNorm, @RequestedBy, @hash, @now, @expiresAt)
            """, new
        {
            id = Guid.CreateVersion7(now),
            change.UserId,
            change.OrganizationId,
            change.Email,
            change.EmailNorm,
            change.RequestedBy,
            hash = OpaqueTokens.Hash(token),
            now = now.UtcDateTime,
            expiresAt = (now + Lifetime).UtcDateTime,
        }, cancellationToken);
        return token;
    }

    /// <summary>Cancels the change of a locked user, if there is one.</summary>
    public static Task CancelAsync(DatabaseSession session, Guid? organizationId, Guid userId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "delete from app.email_change where organization_id is not distinct from @organizationId and user_id = @userId",
            new { organizationId, userId }, cancellationToken);

    /// <summary>
    /// Cancels the change that a user requested: a new password proves who the user is, and an earlier request may have been somebody
    /// else's.
    /// </summary>
    public static Task CancelOwnAsync(PlatformSession session, Guid userId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "delete from app.email_change where user_id = @userId and requested_by = user_id", new { userId }, cancellationToken);

    /// <summary>The change of a presented token, locked until the transaction ends; null if it is unknown.</summary>
    public static Task<EmailChangeRow?> OpenAsync(PlatformSession session, string token, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<EmailChangeRow>("""
            select user_id, organization_id, email, email_norm, expires_at, status
            from app.open_email_change(@hash)
            """, new { hash = OpaqueTokens.Hash(token) }, cancellationToken);

    /// <summary>
    /// Makes the new address count. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>user_email_norm_key</c> when the
    /// address was taken meanwhile.
    /// </summary>
    public static Task ConfirmAsync(PlatformSession session, EmailChangeRow change, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.user set email = @Email, email_norm = @EmailNorm, updated_at = @now
            where organization_id is not distinct from @OrganizationId and id = @UserId;
            delete from app.email_change where organization_id is not distinct from @OrganizationId and user_id = @UserId
            """, new { change.OrganizationId, change.UserId, change.Email, change.EmailNorm, now }, cancellationToken);

    /// <summary>Deletes at most <paramref name="limit"/> changes that expired before a time, and returns their number.</summary>
    public static Task<int> DeleteExpiredAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.email_change
            where id in (select id from app.email_change where expires_at < @before order by expires_at limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);
}

/// <summary>A change to be requested.</summary>
public sealed record NewEmailChange
{
    public required Guid UserId { get; init; }
    public required Guid? OrganizationId { get; init; }
    public required string Email { get; init; }
    public required string EmailNorm { get; init; }

    /// <summary>The user, or an administrator.</summary>
    public required Guid RequestedBy { get; init; }
}

/// <summary>A requested change, and its user as they are now.</summary>
public sealed record EmailChangeRow
{
    public Guid UserId { get; init; }
    public Guid? OrganizationId { get; init; }
    public string Email { get; init; } = "";
    public string EmailNorm { get; init; } = "";
    public DateTime ExpiresAt { get; init; }
    public string Status { get; init; } = "";

    /// <summary>Whether the link is valid. Invited users have no pending change: their invitation goes to the new address.</summary>
    public bool Works(DateTime now) => ExpiresAt > now && Status != "invited";
}
