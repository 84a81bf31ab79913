using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Onboarding;

/// <summary>
/// What timers do about onboarding links. Each step does a batch and is safe in any number of instances at once: they share the work.
/// </summary>
public static class OnboardingUpkeep
{
    /// <summary>Marks a limited number of links as expired, notifies their creators and returns the number of links.</summary>
    public static Task<long> ExpireAsync(PlatformSession session, DateTime now, int batchSize, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>(
            "select app.expire_old_onboarding_links(@now, @batchSize)", new { now, batchSize }, cancellationToken);

    /// <summary>Shortens up to so many visitors' addresses from before a time to their networks, /24 or /48; returns how many.</summary>
    public static Task<int> ShortenAddressesAsync(
        PlatformSession session, DateTime before, int batchSize, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with old as (
                select a.organization_id, a.id
                from app.onboarding_link_access a
                where a.at < @before and masklen(a.ip) in (32, 128)
                order by a.at
                limit @batchSize
                for no key update skip locked
            )
            update app.onboarding_link_access a set ip = network(set_masklen(a.ip, case family(a.ip) when 4 then 24 else 48 end))
            from old
            where a.organization_id = old.organization_id and a.id = old.id
            """, new { before, batchSize }, cancellationToken);

    /// <summary>Deletes a limited number of addresses whose period of guessing is over, and returns their number.</summary>
    public static Task<int> ForgetGuessesAsync(PlatformSession session, DateTime now, int batchSize, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.onboarding_guess g
            where g.address in (
                select o.address from app.onboarding_guess o where o.ends_at <= @now order by o.ends_at limit @batchSize for update skip locked)
            """, new { now, batchSize }, cancellationToken);
}
