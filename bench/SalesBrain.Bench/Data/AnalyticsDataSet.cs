using System.Diagnostics;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Data;

/// <summary>
/// Two organizations with a year of campaigns: one with many activities, one with few. Twenty-five activities a lead: five steps, three
/// days apart. Made once and kept. The triggers are off meanwhile, and counters are filled in; the daily rows are made by the fold itself.
/// </summary>
internal sealed record AnalyticsDataSet(BenchDatabase Database, int Activities, int SmallActivities)
{
    public const int Large = 1;
    public const int Small = 2;
    private const int PerLead = 25;

    public static async Task<AnalyticsDataSet> OpenAsync(
        BenchServer server, int activities, int small, bool fresh, CancellationToken cancellationToken)
    {
        var name = $"bench_analytics_{activities}";
        // The dates in it are relative to the day on which it was made.
        var note = $"{activities} and {small} activities, 2, {DateTime.UtcNow:yyyy-MM-dd}";
        if (!fresh && await server.FindNoteAsync(name) == note)
        {
            return new(await server.OpenAsync(name, cancellationToken), activities, small);
        }
        var started = Stopwatch.StartNew();
        Console.WriteLine($"Making {activities:N0} activities (once; kept in .local/bench) ...");
        await server.DropAsync(name);
        var database = await server.OpenAsync(name, cancellationToken);
        await BenchWorld.CreateAsync(database, cancellationToken);
        await database.AsOwnerAsync("select app.ensure_month_partitions(now() - interval '13 months', 15)", null, cancellationToken);
        var indexes = await database.QueryAsync<string>("""
            select pg_get_indexdef(i.indexrelid)
            from pg_index i
            where i.indrelid = 'app.activity'::regclass and not i.indisunique
            """, null, cancellationToken);
        await database.AsOwnerAsync(
            "drop index app.activity_lead_idx, app.activity_contact_idx, app.activity_campaign_idx, app.activity_reply_idx", null,
            cancellationToken);
        await FillAsync(database, BenchWorld.Id(Large), activities / PerLead, cancellationToken);
        await FillAsync(database, BenchWorld.Id(Small), small / PerLead, cancellationToken);
        foreach (var index in indexes)
        {
            await database.AsOwnerAsync(index.Replace(" ON ONLY ", " ON ", StringComparison.Ordinal), null, cancellationToken);
        }
        await database.AsSuperuserAsync("analyze", null, cancellationToken);
        while (await database.QuerySingleAsync<long>("select app.fold_analytics(500)", null, cancellationToken) > 0)
        {
            // Until nothing is left.
        }
        await database.AsSuperuserAsync("vacuum (analyze)", null, cancellationToken);
        await database.AsSuperuserAsync("checkpoint", null, cancellationToken);
        await database.NoteAsync(note, cancellationToken);
        Console.WriteLine($"... made in {started.Elapsed.TotalSeconds:0} s.");
        return new(database, activities, small);
    }

    private static Task FillAsync(BenchDatabase database, Guid organization, int leads, CancellationToken cancellationToken) =>
        database.AsSuperuserAsync("""
            set session_replication_role = replica;

            insert into app.campaign (id, organization_id, name, status, source)
            select md5(@organization || ' campaign ' || n)::uuid, @organization, 'Outreach ' || n, 'active', 'instantly' from generate_series(0, 39) n;

            create temporary table made as
            select n, md5(@organization || ' lead ' || n)::uuid as id, md5(@organization || ' campaign ' || n % 40)::uuid as campaign_id,
                now() - interval '365 days' * (1 - n::double precision / @leads) as at, hashint4(n) & 1023 as luck
            from generate_series(1, @leads) n;

            insert into app.contact (id, organization_id, email, email_norm, created_at, updated_at)
            select m.id, @organization, 'lead' || m.n || '@example.org', 'lead' || m.n || '@example.org', m.at, m.at from made m;

            insert into app.lead (
                id, organization_id, contact_id, campaign_id, status, source, created_at, updated_at, sent_count, opened_count, replied_count, deal_amount,
                deal_currency, deal_entered_by, deal_at, closed_at, priority, score, qualification_score, practice_area)
            select m.id, @organization, m.id, m.campaign_id, case when m.luck < 20 then 'converted' when m.luck < 60 then 'qualified' else 'contacted' end,
                (array['instantly', 'manual', 'import'])[1 + m.luck % 3], m.at, m.at + interval '10 days', 5, 10, case when m.luck < 100 then 1 else 0 end,
                case when m.luck < 30 then 1000 + m.luck end, case when m.luck < 30 then (array['EUR', 'USD'])[1 + m.luck % 2] end,
                case when m.luck < 30 then 'person' end, case when m.luck < 30 then timestamptz 'infinity' end,
                case when m.luck < 20 then least(m.at + interval '12 days', now()) end, (array['low', 'medium', 'high', 'urgent'])[1 + m.luck % 4],
                m.luck % 101, nullif(m.luck % 6, 0), 'Area ' || m.luck % 30
            from made m;

            insert into app.lead_status_change (organization_id, lead_id, status, at)
            select @organization, m.id, s.status, m.at + s.after
            from made m
            cross join (values ('new', interval '0', 1024), ('contacted', interval '1 hour', 1024), ('qualified', interval '10 days', 60), ('converted', interval '12 days', 20))
                as s (status, after, luck)
            where m.luck < s.luck and m.at + s.after < now();

            insert into app.campaign_counter (organization_id, campaign_id, shard, leads, contacted_leads, replied_leads, qualified_leads, converted_leads)
            select @organization, l.campaign_id, 0, count(*), count(*), count(*) filter (where l.replied_count > 0),
                count(*) filter (where l.status = 'qualified'), count(*) filter (where l.status = 'converted')
            from app.lead l where l.organization_id = @organization group by l.campaign_id;

            insert into app.organization_tally
            select @organization, count(*), 0, count(*) filter (where l.status = 'contacted'), 0, count(*) filter (where l.status = 'qualified'),
                count(*) filter (where l.status = 'converted'), 0
            from app.lead l where l.organization_id = @organization;

            insert into app.activity (id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
            select uuidv7(), @organization, uuidv7(),
                case when k % 5 = 0 then 'email.sent' when k % 5 in (1, 2) then 'email.opened' when k % 5 = 3 then 'email.link_clicked'
                    when m.luck < 100 and k = 9 then 'email.replied' when m.luck < 60 and k = 14 then 'lead.interested' else 'email.opened' end,
                m.id, m.campaign_id, m.id, t.at, jsonb_build_object('step', k / 5 + 1, 'variant', 1 + m.luck % 2), t.at
            from made m
            cross join generate_series(0, 24) k
            -- Not later than today: what would be is put into the past year.
            cross join lateral (select m.at + (k / 5) * interval '3 days' + (k % 5) * interval '5 hours' + (m.luck % 24) * interval '1 hour' as at) v
            cross join lateral (select case when v.at < now() then v.at else v.at - interval '20 days' end as at) t;

            -- The triggers are off: what they would have noted, fifty leads at a time.
            insert into app.analytics_change (organization_id, agency_id, client_id, lead_ids)
            select @organization, '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', array_agg(m.id)
            from made m
            group by m.n / 50;

            drop table made;
            """, new { organization, leads }, cancellationToken);
}
