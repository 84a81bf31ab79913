using System.Diagnostics;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Data;

/// <summary>
/// A database with many leads of as many contacts in twenty organizations, the largest with a quarter of them. Made once and kept; made
/// anew when the schema, the files of this folder or the number of rows is another.
/// </summary>
internal sealed class LeadDataSet
{
    /// <summary>The organization with a quarter of the rows.</summary>
    public const int LargestOrganization = 1;

    private LeadDataSet(BenchDatabase database) => Database = database;

    public BenchDatabase Database { get; }

    public static async Task<LeadDataSet> OpenAsync(
        BenchServer server, string repository, int rows, bool fresh, CancellationToken cancellationToken)
    {
        var name = $"bench_leads_{rows}";
        var note = $"{rows} leads {await LogDataSet.FingerprintAsync(repository, cancellationToken)}";
        if (!fresh && await server.FindNoteAsync(name) == note)
        {
            return new LeadDataSet(await server.OpenAsync(name, cancellationToken));
        }
        var started = Stopwatch.StartNew();
        Console.WriteLine($"Making {rows:N0} leads (once; kept in .local/bench) ...");
        await server.DropAsync(name);
        var database = await server.OpenAsync(name, cancellationToken);
        await BenchWorld.CreateAsync(database, cancellationToken);
        await FillAsync(database, rows, cancellationToken);
        await database.NoteAsync(note, cancellationToken);
        Console.WriteLine($"... made in {started.Elapsed.TotalSeconds:0} s.");
        return new LeadDataSet(database);
    }

    /// <summary>
    /// As a restored backup: without triggers and checks of foreign keys, and the indexes are built over all rows. Ids are in order.
    /// </summary>
    private static async Task FillAsync(BenchDatabase database, int rows, CancellationToken cancellationToken)
    {
        const string Indexes = """
            from pg_index i
            where i.indrelid = any (array['app.lead', 'app.lead_recency', 'app.contact']::regclass[])
                and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
            """;
        var indexes = await database.QueryAsync<string>($"select pg_get_indexdef(i.indexrelid) {Indexes}", null, cancellationToken);
        var drops = await database.QueryAsync<string>($"select 'drop index ' || i.indexrelid::regclass {Indexes}", null, cancellationToken);
        await database.AsSuperuserAsync(string.Join(';', drops), null, cancellationToken);
        await database.AsSuperuserAsync("""
            set session_replication_role = replica;

            update app.organization set settings = '{"filterable_fields": ["size"]}';

            create temporary table person as
            select n, o.number, o.organization_id, timestamptz '2026-01-01Z' + n % (@rows / 2) * interval '1 second' as at,
                ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id
            from generate_series(1, @rows) n
            cross join lateral (
                select p.number, ('00000000-0000-0000-0000-' || lpad(to_hex(p.number), 12, '0'))::uuid as organization_id
                from (select case when n % 100 < 25 then 1 when n % 100 < 40 then 2 when n % 100 < 50 then 3 else 4 + n % 17 end as number) p
            ) o;

            insert into app.campaign (id, organization_id, name, status)
            select md5(o.id || ' campaign ' || n)::uuid, o.id, 'Outreach ' || n, 'active'
            from app.organization o, generate_series(0, @campaigns - 1) n;

            insert into app.contact (
                id, organization_id, email, email_norm, first_name, last_name, company, country, suppression, suppressed_at, tags, created_at, updated_at)
            select p.id, p.organization_id, p.n || '@prospect.example', p.n || '@prospect.example', case when p.n % 5 > 0 then 'Person ' || p.n end,
                case when p.n % 3 > 0 then 'Family ' || p.n % 7000 end, case when p.n % 2 = 0 then 'Company ' || p.n % 900 end,
                case when p.n % 801 = 0 then 'LI' when p.n % 4 = 0 then 'US' end, case when p.n % 901 = 0 then 'bounced' else 'none' end,
                case when p.n % 901 = 0 then now() end,
                case when p.n % 1001 = 0 then array['rare', 'often'] when p.n % 20 = 0 then array['often'] else '{}' end, p.at, p.at
            from person p order by p.n;

            insert into app.lead (
                id, organization_id, contact_id, campaign_id, assigned_to, status, priority, interest, interest_at, practice_area, tags, custom_fields, score,
                last_activity_at, created_at, updated_at)
            select p.id, p.organization_id, p.id, md5(p.organization_id || ' campaign ' || p.n / 100 % @campaigns)::uuid,
                case when p.n % 701 = 0 then p.organization_id end,
                case when p.n % 1501 = 0 then 'converted' else (array['new', 'contacted', 'responded'])[1 + p.n % 3] end,
                case when p.n % 401 = 0 then 'urgent' else (array['low', 'medium', 'high'])[1 + p.n % 3] end,
                case when p.n % 901 = 0 then 'no_show' end, case when p.n % 901 = 0 then p.at end, case when p.n % 801 = 0 then 'Law' end,
                case when p.n % 1001 = 0 then array['rare', 'often'] when p.n % 20 = 0 then array['often'] else '{}' end,
                case when p.n % 1101 = 0 then '{"size": "rare"}' when p.n % 15 = 0 then '{"size": 5}' else '{}'::jsonb end, p.n % 97,
                case when p.n % 4 > 0 then p.at end, p.at, p.at
            from person p order by p.n;

            insert into app.lead_recency (organization_id, lead_id, updated_at, last_activity_at, score)
            select l.organization_id, l.id, l.updated_at, l.last_activity_at, l.score from app.lead l;

            insert into app.user_contact_assignment (organization_id, user_id, contact_id)
            select p.organization_id, p.organization_id, p.id from person p where p.n % 256 = 0;
            """, new { rows, campaigns = BenchWorld.Campaigns }, cancellationToken);
        await Task.WhenAll(indexes.Chunk((indexes.Count + 1) / 2).Select(
            half => database.AsSuperuserAsync(string.Join(';', half), null, cancellationToken)));
        await database.AsSuperuserAsync(
            "analyze app.campaign, app.lead, app.lead_recency, app.contact, app.user_contact_assignment", null, cancellationToken);
    }
}
