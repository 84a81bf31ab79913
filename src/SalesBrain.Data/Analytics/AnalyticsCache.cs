using Dapper;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>
/// Answers of reports (<c>app.analytics_cache</c>). An answer is returned only to sessions of the scope it was computed in, and only while
/// nothing in that scope has changed (<c>app.analytics_version</c>).
/// </summary>
public static class AnalyticsCache
{
    /// <summary>
    /// Resolves the period, and finds the answer for it. Call it before the report is read: a change in between makes the stored answer
    /// newer than its version, and the next reader computes again. Null if the session does not see the organization.
    /// </summary>
    /// <param name="session">A reading session.</param>
    /// <param name="filter">Whose leads, and when.</param>
    /// <param name="parameters">All else that the answer depends on, as text.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<ResolvedReport?> FindAsync(
        DatabaseSession session, AnalyticsFilter filter, string parameters, CancellationToken cancellationToken)
    {
        var arguments = new DynamicParameters(filter.Parameters(session));
        arguments.Add("parameters", parameters);
        arguments.Add("scope", ScopeOf(session));
        return session.QuerySingleOrDefaultAsync<ResolvedReport>($"""
            with {AnalyticsStatements.Period}, keyed as (
                select p.*, app.analytics_version(p.organization_id, @callersAgency, @callersClient)::text as data_version,
                    encode(sha256(convert_to(concat_ws(E'\n', @parameters::text, @agency::text, @client::text, @campaign::text, @grouping, p.zone,
                        extract(epoch from p.starts_at)::text, extract(epoch from p.ends_at)::text, (@now at time zone p.zone)::date::text), 'UTF8')), 'hex') as parameters
                from period p
            )
            select k.organization_id, k.time_zone, k.starts_at, k.ends_at, k.previous_starts_at, k.data_version, k.parameters, c.answer,
                (select count(*)::integer from app.report_buckets(@grouping, k.local_from, k.local_to)) as buckets,
                @campaign::uuid is null or exists (
                    select from app.campaign g
                    where g.id = @campaign and g.organization_id = k.organization_id and g.deleted_at is null
                        and (@agency::uuid is null or g.agency_id = @agency) and (@client::uuid is null or g.client_id = @client)) as has_campaign
            from keyed k
            left join app.analytics_cache c on c.organization_id = k.organization_id and c.scope = @scope and c.parameters = k.parameters
                and c.data_version = k.data_version
            """, arguments, cancellationToken);
    }

    /// <summary>
    /// Stores an answer for the sessions of the same scope as <paramref name="reader"/>, and notes that its time zone was asked for:
    /// further answers in the zone are read from daily rows.
    /// </summary>
    public static Task StoreAsync(
        PlatformSession session, DatabaseSession reader, ResolvedReport report, string answer, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with stored as (
                insert into app.analytics_cache (organization_id, scope, parameters, data_version, answer, computed_at)
                values (@OrganizationId, @scope, @Parameters, @DataVersion, @answer, @now)
                on conflict (organization_id, scope, parameters) do update set
                    data_version = excluded.data_version, answer = excluded.answer, computed_at = excluded.computed_at
            )
            select app.ask_analytics_zone(@OrganizationId, @TimeZone)
            """, new { report.OrganizationId, report.TimeZone, scope = ScopeOf(reader), report.Parameters, report.DataVersion, answer, now }, cancellationToken);

    /// <summary>Deletes answers that are older than a number of days, and returns how many.</summary>
    public static Task<long> ArchiveAsync(PlatformSession session, int days, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>("select app.archive_old_analytics_cache(@days)", new { days }, cancellationToken);

    /// <summary>As the policy of the table.</summary>
    private static string ScopeOf(DatabaseSession session)
    {
        var scope = SessionScope.Of(session);
        return scope.AgencyId is { } agency ? $"agency/{agency}" : scope.ClientId is { } client ? $"client/{client}"
            : scope.OrganizationId is null ? "platform" : "organization";
    }
}
