using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Identity;

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
    /// Makes an invitation for a user of the organization, null for a platform operator, inside the session's transaction, and answers the token:
    /// nobody can read it again. Earlier invitations of that user stop working. Of a tenant session row-level security asks that its role may
    /// change that user, else this throws <see cref="Npgsql.PostgresException"/> (insufficient privilege).
    /// </summary>
    public static async Task<string> IssueInvitationAsync(
        DatabaseSession session, Guid? organizationId, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = OpaqueTokens.Create();
        await session.ExecuteAsync("""
            with earlier as (
                delete from app.password_token
                where organization_id is not distinct from @organizationId and user_id = @userId and purpose = 'invitation')
            insert into app.password_token (id, organization_id, user_id, purpose, token_hash, created_at, expires_at)
            values (@id, @organizationId, @userId, 'invitation', @hash, @now, @expiresAt)
            """, new
        {
            id = Guid.CreateVersion7(now),
            organizationId,
            userId,
            hash = OpaqueTokens.Hash(token),
            now = now.UtcDateTime,
            expiresAt = (now + InvitationLifetime).UtcDateTime,
        }, cancellationToken);
        return token;
    }
}
