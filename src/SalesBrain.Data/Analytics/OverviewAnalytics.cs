using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>
/// The numbers of an organization, an agency or a client. Reads daily rows and counters: its cost does not grow with the activities.
/// </summary>
public static class OverviewAnalytics
{
    /// <summary>
    /// The parts <c>counts</c>, <c>buckets</c>, <c>deals</c>, <c>campaigns</c> and <c>leads</c> (by status), <c>contacts</c>, <c>jobs</c>
    /// (open ones, by status) and <c>top</c>.
    /// </summary>
    /// <param name="session">A reading session.</param>
    /// <param name="filter">Whose leads, and when.</param>
    /// <param name="metric">What the best campaigns are the best by: <c>qualification_rate</c>, <c>response_rate</c> or
    /// <c>conversion_rate</c>.</param>
    /// <param name="top">Maximum number of best campaigns.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Task<ReportParts> ReadAsync(
        DatabaseSession session, AnalyticsFilter filter, string metric, int top, CancellationToken cancellationToken) =>
        AnalyticsStatements.ReadAsync(session, filter, $"""
            with {AnalyticsStatements.Period}, {AnalyticsStatements.Counted}, whole as (
                select p.organization_id from period p where @agency::uuid is null and @client::uuid is null and @campaign::uuid is null
            )
            {AnalyticsStatements.CountParts}
            union all
            {AnalyticsStatements.DealsPart}
            union all
            select 'campaigns', (
                select json_agg(row_to_json(s))::text
                from (
                    select c.status as key, count(*) as count
                    from period p
                    join app.campaign c on c.organization_id = p.organization_id and c.deleted_at is null
                        and (@agency::uuid is null or c.agency_id = @agency) and (@client::uuid is null or c.client_id = @client)
                        and (@campaign::uuid is null or c.id = @campaign)
                    group by c.status
                ) s)
            union all
            -- Of the whole organization from its running counters.
            select 'leads', (
                select json_agg(row_to_json(s))::text
                from (
                    select n.status as key, sum(n.leads)::bigint as count
                    from (
                        select v.status, v.leads
                        from whole w
                        join app.organization_tally t on t.organization_id = w.organization_id
                        cross join lateral (values
                            ('new', t.leads_new), ('contacted', t.leads_contacted), ('responded', t.leads_responded), ('qualified', t.leads_qualified),
                            ('converted', t.leads_converted), ('rejected', t.leads_rejected)) as v (status, leads)
                        union all
                        select c.status, c.change
                        from whole w
                        join app.tally_change c on c.organization_id = w.organization_id and c.subject = 'lead'
                        union all
                        select l.status, count(*)
                        from period p
                        join app.lead l on {AnalyticsStatements.InScope}
                        where not exists (select from whole)
                        group by l.status
                    ) n
                    group by n.status
                ) s)
            union all
            select 'contacts', (
                select jsonb_build_array(jsonb_build_object('count', coalesce(sum(n.contacts), 0)))::text
                from (
                    select t.contacts from whole w join app.organization_tally t on t.organization_id = w.organization_id
                    union all
                    select c.change
                    from whole w
                    join app.tally_change c on c.organization_id = w.organization_id and c.subject = 'contact'
                    union all
                    select count(distinct l.contact_id)
                    from period p
                    join app.lead l on {AnalyticsStatements.InScope}
                    where not exists (select from whole)
                ) n)
            union all
            select 'jobs', (
                select json_agg(row_to_json(s))::text
                from (
                    select j.status as key, count(*) as count
                    from period p
                    join app.import_job j on j.organization_id = p.organization_id and j.status not in ('completed', 'failed', 'cancelled')
                        and (@agency::uuid is null or j.agency_id = @agency) and (@client::uuid is null or j.client_id = @client)
                        and (@campaign::uuid is null or j.campaign_id = @campaign)
                    group by j.status
                ) s)
            union all
            select 'top', (
                select json_agg(row_to_json(t) order by t.rate desc, t.leads desc, t.campaign_id)::text
                from (
                    select c.campaign_id, c.name, c.status, c.leads, m.rate
                    from period p
                    join app.campaign_performance c on c.organization_id = p.organization_id
                    cross join lateral (
                        select case @metric
                            when 'qualification_rate' then c.qualification_rate
                            when 'response_rate' then c.reply_rate
                            else c.conversion_rate end as rate
                    ) m
                    where (@agency::uuid is null or c.agency_id = @agency) and (@client::uuid is null or c.client_id = @client)
                        and (@campaign::uuid is null or c.campaign_id = @campaign) and c.leads >= 10 and m.rate is not null
                    order by m.rate desc, c.leads desc, c.campaign_id
                    limit @top
                ) t)
            """, new { metric, top }, cancellationToken);
}
