using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Agents;

/// <summary>Sign-ins that came back from Genesys. States and codes are stored as SHA-256.</summary>
public static class GenesysSignIns
{
    /// <summary>Marks a state as used; false if it was used before.</summary>
    public static async Task<bool> TryUseStateAsync(
        PlatformSession session, string state, string region, DateTime expiresAt, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            insert into app.genesys_sign_in (state_hash, region, expires_at) values (@hash, @region, @expiresAt) on conflict (state_hash) do nothing
            """, new { hash = OpaqueTokens.Hash(state), region, expiresAt }, cancellationToken) == 1;

    /// <summary>Adds the code that signs a user in.</summary>
    public static Task AddCodeAsync(
        PlatformSession session, string state, string code, Guid userId, DateTime codeExpiresAt, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.genesys_sign_in set
                code_hash = @codeHash, code_expires_at = @codeExpiresAt, user_id = @userId, expires_at = greatest(expires_at, @codeExpiresAt)
            where state_hash = @stateHash
            """, new { stateHash = OpaqueTokens.Hash(state), codeHash = OpaqueTokens.Hash(code), codeExpiresAt, userId }, cancellationToken);

    /// <summary>Uses a code; null if it is unknown, expired or was used before.</summary>
    public static Task<UsedSignInCode?> UseCodeAsync(
        PlatformSession session, string code, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<UsedSignInCode>("""
            update app.genesys_sign_in set code_used_at = @now
            where code_hash = @hash and code_used_at is null and code_expires_at > @now
            returning user_id, region
            """, new { hash = OpaqueTokens.Hash(code), now }, cancellationToken);

    /// <summary>Deletes a limited number of sign-ins that expired before a time, and returns their number.</summary>
    public static Task<int> DeleteExpiredAsync(PlatformSession session, DateTime before, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.genesys_sign_in
            where state_hash in (
                select s.state_hash from app.genesys_sign_in s where s.expires_at < @before order by s.expires_at limit @limit for update skip locked)
            """, new { before, limit }, cancellationToken);
}

/// <summary>Whom a code signs in, and the region in which they signed in.</summary>
public sealed record UsedSignInCode
{
    public Guid UserId { get; init; }
    public string Region { get; init; } = "";
}
