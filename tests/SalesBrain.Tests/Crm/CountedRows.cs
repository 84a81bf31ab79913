using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>
/// What an organization's rows give when they are counted, in statements that know nothing of how the app keeps its numbers.
/// </summary>
internal static class CountedRows
{
    /// <summary>The members of a campaign, as the API shows them, counted from its leads that are not deleted.</summary>
    public static Task<JsonElement> CampaignsAsync(TestApp app, Guid organization) => app.QueryJsonAsync("""
        select c.id, count(l.id) as leads_count,
            coalesce(sum(l.sent_count), 0)::bigint as contacted_count, coalesce(sum(l.opened_count), 0)::bigint as opened_count,
            coalesce(sum(l.clicked_count), 0)::bigint as clicked_count, coalesce(sum(l.replied_count), 0)::bigint as replied_count,
            coalesce(sum(l.bounced_count), 0)::bigint as bounced_count, coalesce(sum(l.unsubscribed_count), 0)::bigint as unsubscribed_count,
            coalesce(sum(l.interested_count), 0)::bigint as interested_count,
            count(*) filter (where l.sent_count > 0) as contacted_leads, count(*) filter (where l.opened_count > 0) as opened_leads,
            count(*) filter (where l.clicked_count > 0) as clicked_leads, count(*) filter (where l.replied_count > 0) as replied_leads,
            count(*) filter (where l.bounced_count > 0) as bounced_leads, count(*) filter (where l.unsubscribed_count > 0) as unsubscribed_leads,
            count(*) filter (where l.interested_count > 0) as interested_leads,
            count(*) filter (where l.status = 'qualified') as qualified_leads, count(*) filter (where l.status = 'converted') as converted_leads
        from app.campaign c
        left join app.lead l on l.organization_id = c.organization_id and l.campaign_id = c.id and l.deleted_at is null
        where c.organization_id = @organization and c.deleted_at is null
        group by c.id
        order by c.id
        """, new { organization });

    /// <summary>The same of all campaigns, also deleted ones, as the app keeps it: rows that differ from what is counted.</summary>
    public static Task<IReadOnlyList<string>> WrongCampaignCountersAsync(TestApp app, Guid organization) => app.QueryAsync<string>("""
        with counted as (
            select l.campaign_id, array[
                count(*), sum(l.sent_count), sum(l.opened_count), sum(l.clicked_count), sum(l.replied_count), sum(l.bounced_count),
                sum(l.unsubscribed_count), sum(l.interested_count), count(*) filter (where l.sent_count > 0), count(*) filter (where l.opened_count > 0),
                count(*) filter (where l.clicked_count > 0), count(*) filter (where l.replied_count > 0), count(*) filter (where l.bounced_count > 0),
                count(*) filter (where l.unsubscribed_count > 0), count(*) filter (where l.interested_count > 0),
                count(*) filter (where l.status = 'qualified'), count(*) filter (where l.status = 'converted')]::bigint[] as numbers
            from app.lead l
            where l.organization_id = @organization and l.deleted_at is null and l.campaign_id is not null
            group by l.campaign_id
        ), kept as (
            select k.campaign_id, array[
                sum(k.leads), sum(k.contacted), sum(k.opened), sum(k.clicked), sum(k.replied), sum(k.bounced), sum(k.unsubscribed), sum(k.interested),
                sum(k.contacted_leads), sum(k.opened_leads), sum(k.clicked_leads), sum(k.replied_leads), sum(k.bounced_leads),
                sum(k.unsubscribed_leads), sum(k.interested_leads), sum(k.qualified_leads), sum(k.converted_leads)]::bigint[] as numbers
            from app.campaign_counter k
            where k.organization_id = @organization
            group by k.campaign_id
        ), nothing as (
            select array_fill(0::bigint, array[17]) as numbers
        )
        select concat_ws(' ', coalesce(c.campaign_id, k.campaign_id)::text, 'counted', c.numbers::text, 'kept', k.numbers::text)
        from counted c
        full join kept k on k.campaign_id = c.campaign_id
        cross join nothing n
        where coalesce(c.numbers, n.numbers) <> coalesce(k.numbers, n.numbers)
        """, new { organization });

    /// <summary>Leads whose counters are not the number of their activities.</summary>
    public static Task<IReadOnlyList<string>> WrongLeadCountersAsync(TestApp app, Guid organization) => app.QueryAsync<string>("""
        select concat_ws(' ', l.id::text, 'has', l.sent_count, l.opened_count, l.clicked_count, l.replied_count, l.bounced_count, l.unsubscribed_count,
            l.interested_count, 'counted', a::text)
        from app.lead l
        cross join lateral (
            select count(*) filter (where a.activity_type = 'email.sent') as sent, count(*) filter (where a.activity_type = 'email.opened') as opened,
                count(*) filter (where a.activity_type = 'email.link_clicked') as clicked, count(*) filter (where a.activity_type = 'email.replied') as replied,
                count(*) filter (where a.activity_type = 'email.bounced') as bounced,
                count(*) filter (where a.activity_type = 'lead.unsubscribed') as unsubscribed,
                count(*) filter (where a.activity_type = 'lead.interested') as interested
            from app.activity a
            where a.organization_id = l.organization_id and a.lead_id = l.id
        ) a
        where l.organization_id = @organization and (
            l.sent_count <> a.sent or l.opened_count <> a.opened or l.clicked_count <> a.clicked or l.replied_count <> a.replied
            or l.bounced_count <> a.bounced or l.unsubscribed_count <> a.unsubscribed or l.interested_count <> a.interested)
        """, new { organization });

    /// <summary>Leads whose newest status change is not their status, or whose changes do not follow each other.</summary>
    public static Task<IReadOnlyList<string>> WrongStatusChangesAsync(TestApp app, Guid organization) => app.QueryAsync<string>("""
        select concat_ws(' ', l.id::text, l.status, s.changes)
        from app.lead l
        left join lateral (
            select string_agg(concat_ws('>', s.previous_status, s.status), ' ' order by s.number) as changes,
                (array_agg(s.status order by s.number desc))[1] as last,
                bool_and(s.previous_status is not distinct from s.before) as is_chain
            from (
                select s.number, s.previous_status, s.status, lag(s.status) over (order by s.number) as before
                from app.lead_status_change s
                where s.organization_id = l.organization_id and s.lead_id = l.id
            ) s
        ) s on true
        where l.organization_id = @organization and (s.last is distinct from l.status or s.is_chain is not true)
        """, new { organization });

    /// <summary>Leads whose score is not what the function computes now.</summary>
    public static Task<IReadOnlyList<string>> WrongScoresAsync(TestApp app, Guid organization) => app.QueryAsync<string>("""
        select concat_ws(' ', l.id::text, l.score, app.calculate_lead_score(l.id), l.status, l.qualification_score, l.priority, r.score)
        from app.lead l
        left join app.lead_recency r on r.organization_id = l.organization_id and r.lead_id = l.id
        where l.organization_id = @organization and l.deleted_at is null
            and (l.score <> app.calculate_lead_score(l.id) or l.score is distinct from r.score
                or l.updated_at is distinct from r.updated_at or l.last_activity_at is distinct from r.last_activity_at)
        """, new { organization });

    /// <summary>The best score of each contact's leads.</summary>
    public static async Task<Dictionary<Guid, int>> ContactScoresAsync(TestApp app, Guid organization) =>
        (await app.QueryAsync<(Guid Id, int Score)>("""
            select k.id, coalesce(max(l.score), 0)::int
            from app.contact k
            left join app.lead l on l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null
            where k.organization_id = @organization
            group by k.id
            """, new { organization })).ToDictionary(row => row.Id, row => row.Score);

    /// <summary>Contacts, leads by status and logs by status, for the dashboard and the webhook statistics.</summary>
    public static Task<JsonElement> TotalsAsync(TestApp app, Guid organization) => app.QuerySingleJsonAsync("""
        select (select count(*) from app.contact where organization_id = @organization) as contacts,
            (select jsonb_object_agg(s.status, (select count(*) from app.lead l where l.organization_id = @organization and l.deleted_at is null and l.status = s.status))::text
             from unnest(array['new', 'contacted', 'responded', 'qualified', 'converted', 'rejected']) as s (status)) as leads,
            (select count(*) from app.webhook_log where organization_id = @organization) as logs,
            (select count(*) from app.webhook_log where organization_id = @organization and status = 'pending') as pending,
            (select count(*) from app.webhook_log where organization_id = @organization and status = 'processed') as processed,
            (select count(*) from app.webhook_log where organization_id = @organization and status = 'failed') as failed,
            (select count(*) from app.activity where organization_id = @organization) as activities,
            (select count(distinct webhook_log_id) from app.activity where organization_id = @organization) as logs_with_activity
        """, new { organization });

    /// <summary>What the analytics of a campaign count since yesterday: the events of its leads, wherever the leads were then.</summary>
    public static Task<JsonElement> AnalyticsAsync(TestApp app, Guid campaign) => app.QuerySingleJsonAsync("""
        with member as (
            select l.* from app.lead l where l.campaign_id = @campaign and l.deleted_at is null
        ), event as (
            select a.activity_type, a.lead_id
            from app.activity a
            where a.lead_id in (select m.id from member m)
        ), change as (
            select s.status, s.lead_id from app.lead_status_change s where s.lead_id in (select m.id from member m)
        )
        select (select count(*) from member) as leads, (select count(*) from member) as new_leads,
            (select count(*) from event where activity_type = 'email.sent') as contacted,
            (select count(*) from event where activity_type = 'email.opened') as opened,
            (select count(*) from event where activity_type = 'email.link_clicked') as clicked,
            (select count(*) from event where activity_type = 'email.replied') as replied,
            (select count(*) from event where activity_type = 'email.bounced') as bounced,
            (select count(*) from event where activity_type = 'lead.unsubscribed') as unsubscribed,
            (select count(*) from event where activity_type = 'lead.interested') as interested,
            (select count(distinct lead_id) from event where activity_type = 'email.sent') as contacted_leads,
            (select count(distinct lead_id) from event where activity_type = 'email.replied') as replied_leads,
            (select count(distinct lead_id) from change where status = 'qualified') as qualified_leads,
            (select count(distinct lead_id) from change where status = 'converted') as converted_leads
        """, new { campaign });
}
