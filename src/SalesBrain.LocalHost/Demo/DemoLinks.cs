using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.LocalHost.Demo;

/// <summary>Onboarding links in every state, the same in each demo organization but for their tokens.</summary>
internal static class DemoLinks
{
    /// <summary>Creation and expiry in days from the filling on; each time that a link was opened in days after its creation.</summary>
    private static readonly DemoLink[] All =
    [
        // Holds for a year, so that there is one to try.
        new("Basic Onboarding", "active", -1, 365, 1, 0, []),
        new("Agency Onboarding", "active", -3, 4, 3, 40, [0.2, 1.5]),
        new("Client Onboarding", "used", -20, -13, 5, 100, [0.1, 0.9, 2]),
        new("Client Onboarding", "expired", -16, -9, 2, 20, [3]),
        new("Basic Onboarding", "revoked", -8, -1, 1, 0, []),
    ];

    /// <summary>Makes them, as the organization's owner would have.</summary>
    internal static async Task InsertAsync(
        PlatformSession session, SecretBox secrets, Guid org, DateTime now, CancellationToken cancellationToken)
    {
        foreach (var link in All)
        {
            var token = OnboardingTokens.Create();
            await session.ExecuteAsync("""
                insert into app.onboarding_link (
                    organization_id, token_hash, token_sealed, template_name, expires_at, current_step, progress_percentage, created_by, created_at, updated_at)
                select @org, @hash, @sealedToken, @Template, @expiresAt, @Step, @Percentage, u.id, @createdAt, @createdAt
                from app.user u
                where u.organization_id = @org and u.role = 'owner';

                select app.note_onboarding_link_access(@hash, '198.51.100.7', 'Mozilla/5.0 (demo)', 'open', v.opened_at)
                from unnest(@openings) as v (opened_at);

                update app.onboarding_link l set
                    status = @Status, completed_at = case @Status when 'used' then l.last_accessed_at end,
                    revoked_at = case @Status when 'revoked' then @createdAt + interval '1 hour' end,
                    revoked_by = case @Status when 'revoked' then l.created_by end,
                    revoked_reason = case @Status when 'revoked' then 'Sent to the wrong address' end
                where l.organization_id = @org and l.token_hash = @hash
                """, new
            {
                org,
                hash = OnboardingTokens.Hash(token),
                sealedToken = secrets.Seal(token, org, OnboardingTokens.Purpose),
                link.Template,
                link.Status,
                link.Step,
                link.Percentage,
                createdAt = now.AddDays(link.Created),
                expiresAt = now.AddDays(link.Expires),
                openings = link.Openings.Select(after => now.AddDays(link.Created + after)).ToArray(),
            }, cancellationToken);
        }
    }

    /// <summary>
    /// The token of the organization's link that holds longest; null when none does any more, or when it was sealed with another key.
    /// </summary>
    internal static async Task<string?> FindTokenAsync(
        PlatformSession session, SecretBox secrets, string slug, DateTime now, CancellationToken cancellationToken)
    {
        var link = await session.QuerySingleOrDefaultAsync<SealedLink>("""
            select l.organization_id, l.token_sealed
            from app.onboarding_link l
            join app.organization o on o.id = l.organization_id and o.slug = @slug
            where l.status = 'active' and l.expires_at > @now
            order by l.expires_at desc
            limit 1
            """, new { slug, now }, cancellationToken);
        try
        {
            return link is null ? null : secrets.OpenText(link.TokenSealed, link.OrganizationId, OnboardingTokens.Purpose);
        }
        catch (SecretBoxException)
        {
            // The checkout's secrets were generated again; new links are encrypted with the new key.
            return null;
        }
    }

    private sealed record DemoLink(
        string Template, string Status, double Created, double Expires, int Step, int Percentage, double[] Openings);

    private sealed record SealedLink
    {
        public Guid OrganizationId { get; init; }
        public byte[] TokenSealed { get; init; } = [];
    }
}
