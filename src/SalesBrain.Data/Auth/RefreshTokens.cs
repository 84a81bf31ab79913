using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>Refresh tokens, stored as SHA-256. <see cref="RefreshRules"/> decides what a token can do.</summary>
public static class RefreshTokens
{
    /// <summary>
    /// The presented token with its session and user; null if it is unknown. The session is locked until the transaction ends.
    /// </summary>
    public static Task<RefreshTokenRow?> OpenAsync(PlatformSession session, string token, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<RefreshTokenRow>("""
            select id, family_id, user_id, organization_id, expires_at, rotated_at, child_rotated, family_created_at, family_revoked_at,
                role, agency_id, client_id, status, organization_status
            from app.open_refresh_token(@hash)
            """, new { hash = OpaqueTokens.Hash(token) }, cancellationToken);

    /// <summary>
    /// Starts a session: creates its first token and returns it with the session's id, which access tokens contain as <c>sid</c>.
    /// </summary>
    public static async Task<(Guid SessionId, string Token)> BeginAsync(
        PlatformSession session, Guid userId, Guid? organizationId, string? device, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, token) = (Guid.CreateVersion7(now), OpaqueTokens.Create());
        await session.ExecuteAsync("""
            insert into app.refresh_token (id, organization_id, user_id, family_id, token_hash, device, created_at, expires_at)
            values (@id, @organizationId, @userId, @id, @hash, @device, @now, @expiresAt)
            """, new
        {
            id,
            organizationId,
            userId,
            hash = OpaqueTokens.Hash(token),
            device,
            now = now.UtcDateTime,
            expiresAt = RefreshRules.ExpiresAt(now.UtcDateTime, now.UtcDateTime),
        }, cancellationToken);
        return (id, token);
    }

    /// <summary>Exchanges a token locked by <see cref="OpenAsync"/>, in the same transaction, and returns the child token.</summary>
    public static async Task<string> ExchangeAsync(
        PlatformSession session, RefreshTokenRow parent, string? device, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = OpaqueTokens.Create();
        await session.ExecuteAsync("""
            update app.refresh_token set rotated_at = @now where id = @parentId and rotated_at is null;
            insert into app.refresh_token (id, organization_id, user_id, family_id, parent_id, token_hash, device, created_at, expires_at)
            values (@id, @OrganizationId, @UserId, @FamilyId, @parentId, @hash, @device, @now, @expiresAt)
            """, new
        {
            id = Guid.CreateVersion7(now),
            parent.OrganizationId,
            parent.UserId,
            parent.FamilyId,
            parentId = parent.Id,
            hash = OpaqueTokens.Hash(token),
            device,
            now = now.UtcDateTime,
            expiresAt = RefreshRules.ExpiresAt(parent.FamilyCreatedAt, now.UtcDateTime),
        }, cancellationToken);
        return token;
    }

    /// <summary>
    /// Deletes a limited number of tokens that expired before a time and returns their number. A session's first token is deleted after the
    /// others, because it represents the session.
    /// </summary>
    public static Task<int> DeleteExpiredAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.refresh_token
            where id in (
                select t.id from app.refresh_token t
                where t.expires_at < @before
                    and (t.id <> t.family_id or not exists (select from app.refresh_token c where c.family_id = t.id and c.id <> t.id))
                order by t.expires_at limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);
}
