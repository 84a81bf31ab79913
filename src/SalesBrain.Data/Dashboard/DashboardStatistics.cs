using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Dashboard;

/// <summary>The counts of the admin dashboard.</summary>
public static class DashboardStatistics
{
    /// <summary>
    /// Counts for the session's organization, in a platform session for one organization or (null) for all. One statement, so all numbers
    /// belong to one moment; what grows without bound is read from tallies. <paramref name="today"/> is the start of the day, UTC.
    /// </summary>
    public static Task<DashboardCounts> CountAsync(
        DatabaseSession session, Guid? organizationId, DateTime today, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<DashboardCounts>("""
            with organization as (
                select o.id from app.organization o
                where (@org::uuid is null or o.id = @org) and (@organizationId::uuid is null or o.id = @organizationId)
            ), loose as (
                select c.subject, c.hour, c.status, c.change
                from organization o
                join app.tally_change c on c.organization_id = o.id
                where c.subject in ('contact', 'lead') or c.status is not null
            ), people as (
                select t.contacts, t.leads_new, t.leads_contacted, t.leads_responded, t.leads_qualified, t.leads_converted, t.leads_rejected
                from organization o
                join app.organization_tally t on t.organization_id = o.id
                union all
                select
                    sum(l.change) filter (where l.subject = 'contact'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'new'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'contacted'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'responded'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'qualified'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'converted'),
                    sum(l.change) filter (where l.subject = 'lead' and l.status = 'rejected')
                from loose l
            ), log as (
                select t.period, t.starts_at, t.pending, t.failed, t.dead, t.pending + t.processed + t.ignored + t.failed + t.dead as total
                from organization o
                cross join (values ('ever', '-infinity'::timestamptz), ('day', @week)) as s (period, since)
                cross join lateral (
                    select t.* from app.webhook_log_tally t
                    where t.organization_id = o.id and t.period = s.period and t.starts_at >= s.since) t
                union all
                select p.period, case p.period when 'day' then date_bin('1 day', l.hour, 'epoch') end, l.pending, l.failed, l.dead, l.total
                from (
                    select l.hour, sum(l.change) as total, sum(l.change) filter (where l.status = 'pending') as pending,
                        sum(l.change) filter (where l.status = 'failed') as failed, sum(l.change) filter (where l.status = 'dead') as dead
                    from loose l
                    where l.subject = 'webhook_log'
                    group by 1
                ) l
                join (values ('ever', '-infinity'::timestamptz), ('day', @week)) as p (period, since) on l.hour >= p.since
            )
            select p.*, w.*, c.*, r.*,
                (select count(*) from organization) as organizations,
                (select count(*) from organization o join app.user u on u.organization_id = o.id where u.status <> 'disabled') as users,
                (select min(l.created_at)
                    from organization o
                    cross join lateral (
                        select l.created_at from app.webhook_log l
                        where l.organization_id = o.id and l.status = 'pending'
                        order by l.created_at
                        limit 1) l) as oldest_pending_at
            from (
                select
                    coalesce(sum(contacts), 0)::bigint as contacts,
                    coalesce(sum(leads_new), 0)::bigint as leads_new,
                    coalesce(sum(leads_contacted), 0)::bigint as leads_contacted,
                    coalesce(sum(leads_responded), 0)::bigint as leads_responded,
                    coalesce(sum(leads_qualified), 0)::bigint as leads_qualified,
                    coalesce(sum(leads_converted), 0)::bigint as leads_converted,
                    coalesce(sum(leads_rejected), 0)::bigint as leads_rejected
                from people
            ) p
            cross join (
                select
                    coalesce(sum(total) filter (where period = 'day' and starts_at >= @today), 0)::bigint as webhooks_today,
                    coalesce(sum(total) filter (where period = 'day'), 0)::bigint as webhooks_last_7_days,
                    coalesce(sum(pending) filter (where period = 'ever'), 0)::bigint as webhooks_pending,
                    coalesce(sum(failed) filter (where period = 'ever'), 0)::bigint as webhooks_failed,
                    coalesce(sum(dead) filter (where period = 'ever'), 0)::bigint as webhooks_dead
                from log
            ) w
            cross join (
                select
                    count(*) filter (where c.status = 'draft') as campaigns_draft,
                    count(*) filter (where c.status = 'active') as campaigns_active,
                    count(*) filter (where c.status = 'paused') as campaigns_paused,
                    count(*) filter (where c.status = 'completed') as campaigns_completed,
                    count(*) filter (where c.status = 'archived') as campaigns_archived
                from organization o
                join app.campaign c on c.organization_id = o.id
                where c.deleted_at is null
            ) c
            cross join (
                select
                    coalesce(sum(n.contacted_leads), 0)::bigint as contacted_leads,
                    coalesce(sum(n.replied_leads), 0)::bigint as replied_leads,
                    coalesce(sum(n.interested_leads), 0)::bigint as interested_leads
                from organization o
                join app.campaign_counter n on n.organization_id = o.id
            ) r
            """, new { org = session.OrganizationId, organizationId, today, week = today.AddDays(-6) }, cancellationToken);
}

/// <summary>The counts, flat as the statement gives them.</summary>
public sealed record DashboardCounts
{
    public long Organizations { get; init; }

    /// <summary>Without disabled ones.</summary>
    public long Users { get; init; }
    public long CampaignsDraft { get; init; }
    public long CampaignsActive { get; init; }
    public long CampaignsPaused { get; init; }
    public long CampaignsCompleted { get; init; }
    public long CampaignsArchived { get; init; }
    public long Contacts { get; init; }
    public long LeadsNew { get; init; }
    public long LeadsContacted { get; init; }
    public long LeadsResponded { get; init; }
    public long LeadsQualified { get; init; }
    public long LeadsConverted { get; init; }
    public long LeadsRejected { get; init; }
    public long WebhooksToday { get; init; }

    /// <summary>Today and the six days before.</summary>
    public long WebhooksLast7Days { get; init; }
    public long WebhooksPending { get; init; }
    public long WebhooksFailed { get; init; }
    public long WebhooksDead { get; init; }
    public DateTime? OldestPendingAt { get; init; }

    /// <summary>Leads that were written to, replied, showed interest; of all campaigns, distinct per campaign.</summary>
    public long ContactedLeads { get; init; }
    public long RepliedLeads { get; init; }
    public long InterestedLeads { get; init; }
}
