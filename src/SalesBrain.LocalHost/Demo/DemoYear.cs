using SalesBrain.Data.Sessions;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// A year of two campaigns that never end, so that every chart of the analytics has something to show: leads of every status, steps and
/// variants, replies at all hours of the working day, meetings, and deals in two currencies. Written as rows, because webhooks of that age
/// would be past their retention.
/// </summary>
internal static class DemoYear
{
    /// <summary>Leads of each organization.</summary>
    internal const int Leads = 240;

    /// <summary>Makes the year up to now, after the organization's clients and users.</summary>
    internal static Task InsertAsync(PlatformSession session, Guid org, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            select app.ensure_month_partitions(@now - interval '366 days', 13);

            insert into app.campaign (organization_id, agency_id, client_id, name, status, source, start_date, started_at, created_by, created_at, updated_at)
            select @org, k.agency_id, k.id, 'Always on: ' || k.name, 'active', 'manual', (@now - interval '365 days')::date, @now - interval '365 days', u.id,
                @now - interval '366 days', @now - interval '365 days'
            from (select *, row_number() over (order by name) as number from app.client where organization_id = @org) k
            join app.user u on u.organization_id = @org and u.role = 'owner'
            where k.number <= 2;

            with person as (
                insert into app.contact (organization_id, email, email_norm, first_name, last_name, company, title, created_at, updated_at)
                select @org, e.email, e.email, 'Regular', 'Buyer ' || n, 'Regular Company ' || n, 'Buyer', e.at, e.at
                from generate_series(1, @Leads) n
                cross join lateral (
                    select 'buyer' || n || '@regular' || n || '.example' as email, @now - interval '365 days' + n * interval '36 hours' as at) e
                returning id, substr(last_name, 7)::integer as n, created_at
            )
            insert into app.lead (
                organization_id, contact_id, campaign_id, agency_id, client_id, status, priority, source, practice_area, assigned_to, created_by, created_at, updated_at)
            select @org, p.id, c.id, c.agency_id, c.client_id, 'new', (array['low', 'medium', 'medium', 'high', 'urgent'])[1 + p.n % 5],
                (array['instantly', 'import', 'manual', 'referral'])[1 + p.n % 4], (array['consulting', 'support', 'training'])[1 + p.n % 3], u.id, c.created_by,
                p.created_at, p.created_at
            from person p
            join (select *, row_number() over (order by name) as number from app.campaign where organization_id = @org and starts_with(name, 'Always on: ')) c
                on c.number = 1 + p.n % 2
            left join app.user u on u.organization_id = @org and u.status = 'active' and u.role = case when p.n % 3 = 0 then 'member' when p.n % 3 = 1 then 'agency_staff' end
                and (u.agency_id is null or u.agency_id = c.agency_id);

            insert into app.activity (id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
            select gen_random_uuid(), @org, gen_random_uuid(), e.type, l.contact_id, l.campaign_id, l.id, t.at,
                jsonb_build_object('step', e.step, 'variant', 1 + l.n % 2), t.at
            from (
                select l.*, substr(k.last_name, 7)::integer as n
                from app.lead l
                join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id and k.first_name = 'Regular'
                where l.organization_id = @org
            ) l
            -- Every which lead it happens to, at which step, and how many hours after that.
            join (values
                ('email.sent', 1, 1, 0), ('email.sent', 1, 2, 0), ('email.sent', 2, 3, 0), ('email.opened', 2, 1, 3), ('email.opened', 3, 2, 5),
                ('email.link_clicked', 4, 1, 4), ('email.bounced', 29, 1, 1), ('email.replied', 5, 1, 26), ('email.replied', 7, 2, 20),
                ('lead.interested', 10, 1, 28), ('lead.not_interested', 21, 2, 22), ('lead.meeting_booked', 15, 2, 50), ('lead.meeting_completed', 30, 3, 70),
                ('lead.unsubscribed', 37, 2, 2), ('lead.closed', 20, 3, 200)) as e (type, every, step, hours) on l.n % e.every = 0
            cross join lateral (
                select date_trunc('day', l.created_at) + (e.step - 1) * interval '3 days' + (8 + l.n % 9 + e.hours) * interval '1 hour'
                    + (l.n % 60) * interval '1 minute' as at) t
            where t.at < @now;

            update app.lead l set
                sent_count = a.sent, opened_count = a.opened, clicked_count = a.clicked, replied_count = a.replied, bounced_count = a.bounced,
                unsubscribed_count = a.unsubscribed, interested_count = a.interested, last_activity_at = a.last_at, updated_at = a.status_at,
                status = a.status, interest = case when a.interested > 0 then 'interested' end, interest_at = case when a.interested > 0 then a.last_at end,
                qualification_score = case a.status when 'qualified' then 4 when 'converted' then 5 when 'rejected' then 2 end,
                closed_at = case when a.status in ('converted', 'rejected') then a.status_at end,
                deal_amount = d.amount, deal_currency = case when d.amount is not null then (array['EUR', 'USD'])[1 + (l.score + a.opened) % 2] end,
                deal_entered_by = case when d.amount is not null then 'webhook' end, deal_at = case when d.amount is not null then a.last_at end
            from (
                select a.lead_id, count(*) filter (where a.activity_type = 'email.sent') as sent,
                    count(*) filter (where a.activity_type = 'email.opened') as opened,
                    count(*) filter (where a.activity_type = 'email.link_clicked') as clicked,
                    count(*) filter (where a.activity_type = 'email.replied') as replied,
                    count(*) filter (where a.activity_type = 'email.bounced') as bounced,
                    count(*) filter (where a.activity_type = 'lead.unsubscribed') as unsubscribed,
                    count(*) filter (where a.activity_type = 'lead.interested') as interested,
                    count(*) filter (where a.activity_type = 'lead.meeting_booked') as meetings, max(a.occurred_at) as last_at,
                    max(a.occurred_at) as status_at,
                    case when bool_or(a.activity_type = 'lead.closed') then 'converted' when bool_or(a.activity_type = 'lead.not_interested') then 'rejected'
                        when bool_or(a.activity_type in ('lead.interested', 'lead.meeting_booked')) then 'qualified'
                        when bool_or(a.activity_type = 'email.replied') then 'responded' else 'contacted' end as status
                from app.activity a
                join app.lead x on x.organization_id = a.organization_id and x.id = a.lead_id
                join app.campaign c on c.organization_id = x.organization_id and c.id = x.campaign_id and starts_with(c.name, 'Always on: ')
                where a.organization_id = @org
                group by a.lead_id
            ) a
            cross join lateral (
                select case when a.status = 'converted' or a.meetings > 0 then 1500 + 250 * (a.opened + a.replied) end as amount) d
            where l.organization_id = @org and l.id = a.lead_id
            """, new { org, now, Leads }, cancellationToken);
}
