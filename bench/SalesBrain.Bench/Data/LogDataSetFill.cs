using SalesBrain.Bench.Servers;
using SalesBrain.Data.Tallies;

namespace SalesBrain.Bench.Data;

/// <summary>
/// Fills monthly partitions while they are detached and have neither indexes nor foreign keys, and attaches them again, which builds and
/// checks all of them at once: a tenth of the time that inserting takes. The table's own statement triggers are put on the partition
/// meanwhile, so versions and statistics come from the same code as in life.
/// </summary>
internal sealed class LogDataSetFill(BenchDatabase database, int rows, DateTime until, int days)
{
    private const int ChunkRows = 200_000;
    private const int Writers = 2;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var since = until.AddDays(-days);
        await CreateCampaignsAndContactsAsync(cancellationToken);
        await database.AsOwnerAsync(
            "select app.ensure_month_partitions(@since, @months)", new { since, months = (days / 28) + 2 }, cancellationToken);

        var months = new List<(string Partition, DateTime Start)>();
        for (var month = new DateTime(since.Year, since.Month, 1, 0, 0, 0, DateTimeKind.Utc); month < until; month = month.AddMonths(1))
        {
            months.Add(($"app.webhook_log_{month:yyyy_MM}", month));
        }
        foreach (var (partition, _) in months)
        {
            await DetachAsync(partition, cancellationToken);
        }
        // Row n was received at the same distance after row n - 1, so a month is a range of numbers.
        var step = TimeSpan.FromDays(days) / rows;
        var chunks = months.SelectMany(month =>
        {
            var first = (int)Math.Max(1, Math.Ceiling((month.Start - since) / step));
            var last = (int)Math.Min(rows, Math.Ceiling((month.Start.AddMonths(1) - since) / step) - 1);
            return Enumerable.Range(0, Math.Max(0, (last - first + ChunkRows) / ChunkRows))
                .Select(chunk => (month.Partition, From: first + (chunk * ChunkRows), To: Math.Min(last, first + ((chunk + 1) * ChunkRows) - 1)));
        });
        await Parallel.ForEachAsync(
            chunks, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (chunk, token) => await FillAsync(chunk.Partition, chunk.From, chunk.To, since, step, token));
        foreach (var (partition, start) in months)
        {
            await AttachAsync(partition, start, cancellationToken);
        }
        await CreatePayloadsAndAttemptsAsync(cancellationToken);
        await SettleAsync(cancellationToken);
    }

    private Task CreateCampaignsAndContactsAsync(CancellationToken cancellationToken) =>
        database.AsOwnerAsync("""
            insert into app.campaign (id, organization_id, name, status, source, external_id)
            select md5(o.id || ' campaign ' || n)::uuid, o.id, 'Outreach ' || n, 'active', 'instantly', md5(o.id || ' campaign ' || n)
            from app.organization o, generate_series(0, @campaigns - 1) n;

            insert into app.contact (id, organization_id, email, email_norm, first_name, company)
            select md5(o.id || ' contact ' || n)::uuid, o.id, 'lead' || n || '@example.org', 'lead' || n || '@example.org', 'Lead', 'Example Ltd'
            from app.organization o, generate_series(0, @contacts - 1) n;
            """, new { campaigns = BenchWorld.Campaigns, contacts = Contacts }, cancellationToken);

    /// <summary>Of each organization: fifty events a contact on average.</summary>
    private int Contacts => Math.Max(100, rows / 50 / BenchWorld.Organizations);

    private Task DetachAsync(string partition, CancellationToken cancellationToken) =>
        database.AsOwnerAsync($"""
            alter table app.webhook_log detach partition {partition};

            do $$
            declare
                item record;
            begin
                for item in select conname from pg_constraint where conrelid = '{partition}'::regclass and contype in ('p', 'u', 'f') loop
                    execute format('alter table {partition} drop constraint %I', item.conname);
                end loop;
                for item in select indexrelid::regclass as name from pg_index where indrelid = '{partition}'::regclass loop
                    execute format('drop index %s', item.name);
                end loop;
                for item in
                    select replace(pg_get_triggerdef(oid), ' ON app.webhook_log ', ' ON {partition} ') as definition
                    from pg_trigger
                    where tgrelid = 'app.webhook_log'::regclass and not tgisinternal
                loop
                    execute item.definition;
                end loop;
            end
            $$;
            """, null, cancellationToken);

    private Task AttachAsync(string partition, DateTime start, CancellationToken cancellationToken) =>
        database.AsOwnerAsync($"""
            do $$
            declare
                item record;
            begin
                for item in select tgname from pg_trigger where tgrelid = '{partition}'::regclass and not tgisinternal loop
                    execute format('drop trigger %I on {partition}', item.tgname);
                end loop;
            end
            $$;

            alter table app.webhook_log attach partition {partition} for values from ('{start:O}') to ('{start.AddMonths(1):O}');
            """, null, cancellationToken);

    private Task FillAsync(string partition, int from, int to, DateTime since, TimeSpan step, CancellationToken cancellationToken) =>
        database.AsOwnerAsync($"""
            with numbered as (
                select n, md5(n::text) as hash, (hashint4(n) & 2147483647) as h1, (hashint4(n + 1000000007) & 2147483647) as h2,
                    (@since_ms + floor(n * @step_ms))::bigint as ms
                from generate_series(@from, @to) n
            ), placed as (
                select n, hash, h1, h2, ms, to_timestamp(ms / 1000.0) as at,
                    -- One organization has 25 %, one 15 %, one 10 %; the others share the rest.
                    lpad(to_hex(case
                        when h1 % 1000 < 250 then 1
                        when h1 % 1000 < 400 then 2
                        when h1 % 1000 < 500 then 3
                        else 4 + h1 / 1000 % 17 end), 32, '0')::uuid as organization_id,
                    -- Few campaigns make most of the events.
                    floor(@campaigns * power((h2 % 10007) / 10007.0, 2))::int as campaign,
                    h2 / 10007 % @contacts as contact,
                    h1 / 20011 % 1000 as kind,
                    h2 / 997 % 1000 as fate
                from numbered
            ), typed as (
                select p.*,
                    case
                        when kind < 540 then 'email.sent' when kind < 790 then 'email.opened' when kind < 850 then 'email.link_clicked'
                        when kind < 890 then 'email.replied' when kind < 920 then 'email.bounced' when kind < 945 then 'email.auto_replied'
                        when kind < 955 then 'lead.unsubscribed' when kind < 970 then 'lead.interested' when kind < 975 then 'lead.meeting_booked'
                        when kind < 980 then 'account.error' else 'lead.enriched' end as event_type,
                    case
                        when kind >= 980 then 'ignored' when fate < 3 then 'failed' when fate < 10 then 'dead' else 'processed' end as status,
                    case
                        when fate < 850 then 'instantly' when fate < 920 then 'custom' when fate < 960 then 'n8n' when fate < 980 then 'zapier'
                        when fate < 990 then 'make' else 'weconnect' end as event_source
                from placed p
            )
            insert into {partition} (
                id, organization_id, endpoint_id, event_source, event_type, raw_event_type, campaign_id, campaign_external_id, campaign_name,
                contact_id, contact_email, contact_email_norm, status, error_code, error_message, retry_count, due_at, last_retry_at, occurred_at,
                created_at, processed_at, processing_ms, delivery_count, last_delivered_at)
            select
                (lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 3) || substr(hash, 7, 12))::uuid,
                organization_id, organization_id, event_source, event_type, replace(event_type, '.', '_'),
                case when status = 'processed' then md5(organization_id || ' campaign ' || campaign)::uuid end,
                md5(organization_id || ' campaign ' || campaign), 'Outreach ' || campaign,
                case when status = 'processed' then md5(organization_id || ' contact ' || contact)::uuid end,
                'lead' || contact || '@example.org', 'lead' || contact || '@example.org', status,
                case when status in ('failed', 'dead') then case when fate % 2 = 0 then 'contact_email_missing' else 'processing_failed' end end,
                case when status in ('failed', 'dead') then 'The event could not be processed: ' || substr(hash, 1, 8) end,
                case status when 'dead' then 5 when 'failed' then 1 else 0 end,
                -- Far away, so that no processor takes them while something is measured.
                case when status = 'failed' then at + interval '10 years' end,
                case when status in ('failed', 'dead') then at + interval '9 hours' end,
                at - interval '2 seconds', at,
                case when status = 'processed' then at + interval '40 milliseconds' end,
                case when status = 'processed' then 3 + (exp(h2 % 500 / 100.0))::int end,
                case when fate % 100 = 0 then 2 else 1 end, at
            from typed
            """, new
        {
            from,
            to,
            since_ms = (since - DateTime.UnixEpoch).TotalMilliseconds,
            step_ms = step.TotalMilliseconds,
            campaigns = BenchWorld.Campaigns,
            contacts = Contacts,
        }, cancellationToken);

    /// <summary>Payloads of the newest logs only: lists never touch them, and reading one by id reads one.</summary>
    private Task CreatePayloadsAndAttemptsAsync(CancellationToken cancellationToken) =>
        database.AsOwnerAsync("""
            insert into app.webhook_payload (log_id, organization_id, created_at, content_type, headers, body)
            select l.id, l.organization_id, l.created_at, 'application/json', '{"content-type": "application/json"}',
                convert_to(json_build_object('event_type', l.raw_event_type, 'timestamp', l.occurred_at, 'lead_email', l.contact_email,
                    'campaign_id', l.campaign_external_id, 'campaign_name', l.campaign_name, 'text', repeat('Some text. ', 30))::text, 'UTF8')
            from app.webhook_log l
            where l.created_at >= @since;

            insert into app.webhook_attempt (organization_id, log_id, log_created_at, kind, at, duration_ms, error_code, error_message)
            select l.organization_id, l.id, l.created_at, 'failure', l.created_at + make_interval(hours => n), 5, l.error_code, l.error_message
            from app.webhook_log l, generate_series(0, l.retry_count) n
            where l.status in ('failed', 'dead');
            """, new { since = until.AddDays(-2) }, cancellationToken);

    /// <summary>What a server would have done by the time that half a year has passed.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (await database.QuerySingleAsync<long>("select app.fold_tally_changes(@BatchSize)", new { TallyChanges.BatchSize }, cancellationToken) > 0)
        {
            // Until nothing is left.
        }
        await database.AsSuperuserAsync("vacuum (analyze)", null, cancellationToken);
        await database.AsSuperuserAsync("checkpoint", null, cancellationToken);
    }
}
