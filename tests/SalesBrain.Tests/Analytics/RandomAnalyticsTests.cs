using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

/// <summary>
/// Reports are what counting gives after random operations by parallel writers, while others fold the changes: before and after the rest is
/// folded, for each scope, width and time zone.
/// </summary>
public sealed class RandomAnalyticsTests(RandomAnalyticsTests.OwnApp app) : IClassFixture<RandomAnalyticsTests.OwnApp>
{
    private static readonly string[] Types =
    [
        "email.sent", "email.sent", "email.sent", "email.opened", "email.opened", "email.link_clicked", "email.replied", "email.bounced",
        "lead.unsubscribed", "lead.interested", "lead.meeting_booked", "email.auto_replied",
    ];

    /// <summary>What leads are grouped by, and how SQL says it of a lead <c>l</c>.</summary>
    private static readonly (string Field, string Key)[] Fields =
    [
        ("priority", "l.priority"), ("status", "l.status"), ("interest", "l.interest"), ("source", "l.source"),
        ("practice_area", "nullif(l.practice_area, '')"), ("assignee", "l.assigned_to::text"), ("campaign", "l.campaign_id::text"),
        ("score_band", "case when l.score >= 90 then '90' else (l.score / 10) * 10 || '' end"),
    ];

    [Fact]
    public Task Reports_equal_counting_after_random_operations() => RunAsync(operations: 1500, seed: 1, buckets: 4);

    [Fact]
    public Task Reports_equal_counting_after_many_random_operations()
    {
        LargeRun.Only();
        return RunAsync(operations: 50_000, seed: 2, buckets: 2);
    }

    private async Task RunAsync(int operations, int seed, int buckets)
    {
        var place = await CrmPlace.CreateAsync(app);
        var organization = place.OrganizationId;
        await app.ExecuteAsync("update app.organization set timezone = 'Europe/Paris' where id = @organization", new { organization });
        var otherAgency = await app.CreateAgencyAsync(organization);
        var campaigns = new List<Guid>
        {
            await app.CreateCampaignAsync(organization, "A", agencyId: place.AgencyId, clientId: place.ClientId),
            await app.CreateCampaignAsync(organization, "B", agencyId: place.AgencyId),
            await app.CreateCampaignAsync(organization, "C", agencyId: otherAgency),
            await app.CreateCampaignAsync(organization, "D"),
        };
        // Two zones have daily rows before anything changes, two get them later, and the last is one too many: it is counted from the
        // leads.
        foreach (var zone in new[] { "Asia/Kathmandu", "Asia/Kolkata" })
        {
            await app.ExecuteAsync("select app.ask_analytics_zone(@organization, @zone)", new { organization, zone });
        }
        await app.FoldAnalyticsAsync();
        Guid?[] assignees =
            [(await app.CreateUserAsync("member", organization)).Id, (await app.CreateUserAsync("member", organization)).Id, null];
        var today = DateTime.UtcNow.Date;
        var failures = 0;
        var writers = Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + writer);
            for (var done = 0; done < operations / 6;)
            {
                // Statements of several rows, as the product's own.
                var count = random.Next(1, 12);
                done += count;
                try
                {
                    await app.ExecuteAsync(OperationOf(random), new
                    {
                        organization,
                        campaign = campaigns[random.Next(campaigns.Count)],
                        count,
                        at = today.AddDays(-random.Next(0, 80)).AddSeconds(random.Next(86_400)),
                        type = Types[random.Next(Types.Length)],
                        status = random.Next(4) switch { 0 => "qualified", 1 => "converted", 2 => "rejected", _ => "responded" },
                        offset = random.Next(1, 3000),
                        assignee = assignees[random.Next(assignees.Length)],
                        start = new Guid(random.Next(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    });
                }
                // Writers that change the same leads in another order: one of them is told to start anew.
                catch (Npgsql.PostgresException e) when (e.SqlState is "40P01" or "23503" or "40001")
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToList();
        var folding = Task.Run(async () =>
        {
            while (!writers.TrueForAll(writer => writer.IsCompleted))
            {
                await app.ExecuteAsync("select app.fold_analytics(20)");
                await Task.Delay(20);
            }
        });
        await Task.WhenAll(writers);
        await folding;
        await app.ExecuteAsync(
            "update app.lead set status = 'converted', updated_at = now() where id in (select id from app.lead "
            + "where organization_id = @organization and deleted_at is null limit 3)",
            new { organization });

        await CompareAsync(place, otherAgency, campaigns, buckets, "with unfolded changes");
        await app.FoldAnalyticsAsync();
        await CompareAsync(place, otherAgency, campaigns, buckets, "folded");
        Assert.Equal(
            ["America/New_York", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Paris"],
            await app.QueryAsync<string>(
                "select timezone from app.analytics_zone where organization_id = @organization and made_at is not null "
                + "order by timezone collate \"C\"",
                new { organization }));
        Assert.True(await app.QuerySingleAsync<bool>("""
            select not exists (select from app.analytics_day d where d.leads < 0 or d.events < 0 or (d.leads = 0 and d.events = 0))
                and (select sum(d.leads) from app.analytics_day d where d.timezone = 'Europe/Paris' and d.level = 'organization' and d.kind = 1 and d.organization_id = @organization)
                    = (select count(*) from app.lead l where l.deleted_at is null and l.organization_id = @organization)
                and not exists (select from app.analytics_group g where g.leads <= 0 or g.scores < 0 or g.amount < 0)
            """, new { organization }));
        Assert.True(failures < operations / 10, $"{failures} statements failed.");
    }

    private async Task CompareAsync(CrmPlace place, Guid otherAgency, List<Guid> campaigns, int buckets, string because)
    {
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        using var ofClient = app.As(await place.CreateUserAsync(app, "client_user"));
        var all = $"l.organization_id = '{place.OrganizationId}'";
        var (from, to) = ($"{DateTime.UtcNow.Date.AddDays(-20):yyyy-MM-dd}T10:07:03.5Z", $"{DateTime.UtcNow.Date.AddDays(-3):yyyy-MM-dd}T01:02:03Z");
        foreach (var (client, path, scope) in new[]
        {
            (owner, $"{AnalyticsWorld.Overview}?range=30d", all),
            (owner, $"{AnalyticsWorld.Overview}?range=90d&group_by=week", all),
            (owner, $"{AnalyticsWorld.Overview}?range=7d&tz=Asia/Kathmandu", all),
            (owner, $"{AnalyticsWorld.Overview}?range=30d&group_by=month&tz=America/New_York", all),
            (owner, $"{AnalyticsWorld.Overview}?range=90d&group_by=week&tz=Asia/Kolkata", all),
            (owner, $"{AnalyticsWorld.Overview}?date_from={from}&date_to={to}&tz=Asia/Kathmandu", all),
            (owner, $"{AnalyticsWorld.Overview}?agency_id={otherAgency}", $"{all} and l.agency_id = '{otherAgency}'"),
            (ofAgency, $"{AnalyticsWorld.Overview}?range=30d", $"{all} and l.agency_id = '{place.AgencyId}'"),
            (ofAgency, $"{AnalyticsWorld.Overview}?range=30d&tz=Australia/Lord_Howe", $"{all} and l.agency_id = '{place.AgencyId}'"),
            (ofClient, $"{AnalyticsWorld.Overview}?range=90d&group_by=month", $"{all} and l.client_id = '{place.ClientId}'"),
            (owner, $"{AnalyticsWorld.Overview}?campaign_id={campaigns[0]}", $"{all} and l.campaign_id = '{campaigns[0]}'"),
            (owner, $"{AnalyticsWorld.Campaigns}/{campaigns[1]}?range=90d&group_by=week", $"{all} and l.campaign_id = '{campaigns[1]}'"),
            (owner, $"{AnalyticsWorld.Campaigns}/{campaigns[1]}?range=30d&tz=Pacific/Apia", $"{all} and l.campaign_id = '{campaigns[1]}'"),
            (owner, $"{CrmWorld.Campaigns}/{campaigns[2]}/analytics?range=30d", $"{all} and l.campaign_id = '{campaigns[2]}'"),
        })
        {
            var report = await client.GetDataAsync(path);
            await app.AssertCountedAsync(report, scope, $"{path}, {because}", buckets);
            if (path.StartsWith(AnalyticsWorld.Overview, StringComparison.Ordinal))
            {
                await AssertStateAsync(report, scope);
            }
        }
        foreach (var (client, filter, zone, scope) in new[]
        {
            (owner, "", "Europe/Paris", all),
            (owner, "&tz=Asia/Kolkata", "Asia/Kolkata", all),
            (owner, "&tz=Pacific/Apia", "Pacific/Apia", all),
            (owner, "&priority=low&priority=medium&priority=high&priority=urgent", "Europe/Paris", all),
            (owner, $"&agency_id={otherAgency}", "Europe/Paris", $"{all} and l.agency_id = '{otherAgency}'"),
            (ofAgency, "", "Europe/Paris", $"{all} and l.agency_id = '{place.AgencyId}'"),
            (ofClient, "", "Europe/Paris", $"{all} and l.client_id = '{place.ClientId}'"),
            (ofAgency, $"&campaign_id={campaigns[1]}", "Europe/Paris", $"{all} and l.campaign_id = '{campaigns[1]}'"),
        })
        {
            await AssertLeadsAsync(client, filter, zone, scope, because, filter.Length == 0 ? Fields.Length : 1);
        }
    }

    /// <summary>Compares the report of leads with counting, grouped by the first of the fields.</summary>
    private async Task AssertLeadsAsync(HttpClient client, string filter, string zone, string scope, string because, int fields)
    {
        foreach (var (field, key) in Fields.Take(fields))
        {
            var path = $"{AnalyticsWorld.Leads}?group_by_field={field}&range=30d{filter}";
            var report = await client.GetDataAsync(path);
            var (from, to) = AnalyticsWorld.Bounds(report.GetProperty("resolved"));
            var today = TimeZoneInfo.ConvertTime(report.GetProperty("as_of").GetDateTimeOffset(), TimeZoneInfo.FindSystemTimeZoneById(zone)).Date;
            // The others are the same whatever the leads are grouped by.
            foreach (var (part, sql, shown) in new (string Part, string Sql, IEnumerable<string> Shown)[]
            {
                ("groups", $"select coalesce({key}, '') || ' ' || count(*) || ' ' || round(avg(l.score), 2) from all_leads l group by {key}",
                    Lines(report, "groups", "key", "leads", "average_score")),
                ("deals", $"""
                    select case l.status when 'converted' then 'won ' else 'open ' end || coalesce({key}, '') || ' ' || coalesce(l.deal_currency, 'unknown') || ' '
                        || sum(l.deal_amount) || ' ' || count(*)
                    from all_leads l
                    where l.deal_amount is not null and l.status <> 'rejected' and (l.status <> 'converted' or (l.closed_at >= @from and l.closed_at < @to))
                    group by case l.status when 'converted' then 'won ' else 'open ' end, {key}, l.deal_currency
                    """, Lines(report, "deals", "state", "key", "currency", "amount", "leads")),
                ("scores", "select least(l.score / 10, 9) * 10 || ' ' || count(*) from all_leads l group by least(l.score / 10, 9)",
                    Lines(report, "scores", "from", "leads").Where(line => !line.EndsWith(" 0", StringComparison.Ordinal))),
                ("qualification", "select concat_ws(' ', count(*) filter (where l.qualification_score = 1), count(*) filter (where l.qualification_score = 5), "
                    + "count(*) filter (where l.qualification_score is null)) from all_leads l",
                    [Line(report.GetProperty("qualification"), "score1", "score5", "none")]),
                ("ageing", """
                    select l.status || ' ' || b.days || ' ' || count(*)
                    from all_leads l
                    cross join lateral (
                        select greatest(0, @today::date - (c.at at time zone @zone)::date) as days
                        from app.lead_status_change c where c.lead_id = l.id order by c.number desc limit 1) s
                    cross join lateral (select max(d) as days from unnest(array[0, 1, 7, 14, 30, 60, 90]) d where d <= s.days) b
                    group by l.status, b.days
                    """, Lines(report, "ageing", "status", "min_days", "leads")),
                ("totals", """
                    select count(*) filter (where l.created_at < @to) || ' ' || count(*) filter (where l.created_at >= @from and l.created_at < @to) || ' '
                        || (select count(distinct c.lead_id) from app.lead_status_change c join all_leads a on a.id = c.lead_id
                            where c.status = 'qualified' and c.at >= @from and c.at < @to)
                    from all_leads l
                    """, [Line(report.GetProperty("totals"), "leads", "created", "qualified")]),
            }.Take(field == Fields[0].Field ? 6 : 2))
            {
                var counted = await app.QueryAsync<string>(
                    $"with all_leads as (select l.* from app.lead l where l.deleted_at is null and {scope}) {sql}", new { from, to, today, zone });
                Assert.True(
                    counted.Order(StringComparer.Ordinal).SequenceEqual(shown.Order(StringComparer.Ordinal)),
                    $"{path}, {because}, {part}: {string.Join(", ", counted.Except(shown))} | {string.Join(", ", shown.Except(counted))}");
            }
        }
    }

    private static IEnumerable<string> Lines(JsonElement report, string table, params string[] members) =>
        [.. report.GetProperty(table).EnumerateArray().Select(row => Line(row, members))];

    private static string Line(JsonElement row, params string[] members) =>
        string.Join(' ', members.Select(member => row.GetProperty(member) is { ValueKind: JsonValueKind.Number } number
            ? (member is "amount" or "average_score" ? $"{number.GetDecimal():F2}" : number.GetRawText())
            : row.GetProperty(member).GetString() ?? ""));

    private async Task AssertStateAsync(JsonElement report, string scope)
    {
        var byStatus = await app.QueryAsync<(string Status, long Leads)>(
            $"select l.status, count(*) from app.lead l where l.deleted_at is null and {scope} group by 1 order by 1");
        Assert.Equal(byStatus, report.GetProperty("leads_by_status").EnumerateObject().Select(member => (member.Name, member.Value.GetInt64()))
            .Where(pair => pair.Item2 > 0).OrderBy(pair => pair.Name, StringComparer.Ordinal));
        var (from, to) = AnalyticsWorld.Bounds(report.GetProperty("resolved"));
        var deals = await app.QueryAsync<(string State, string Currency, decimal Amount, long Leads)>($"""
            select 'open', coalesce(l.deal_currency, 'unknown'), sum(l.deal_amount), count(*) from app.lead l
            where l.deal_amount is not null and l.deleted_at is null and l.status not in ('converted', 'rejected') and {scope} group by 2
            union all
            select 'won', coalesce(l.deal_currency, 'unknown'), sum(l.deal_amount), count(*) from app.lead l
            where l.deal_amount is not null and l.deleted_at is null and l.status = 'converted' and l.closed_at >= @from and l.closed_at < @to and {scope} group by 2
            order by 1, 2
            """, new { from, to });
        Assert.Equal(deals, report.GetProperty("deals").EnumerateArray()
            .Where(
                deal => deal.GetProperty("dimension").GetString() == "total" && deal.GetProperty("state").GetString() != "previously_won")
            .Select(deal => (deal.GetProperty("state").GetString()!, deal.GetProperty("currency").GetString()!, deal.GetProperty("amount").GetDecimal(),
                deal.GetProperty("leads").GetInt64()))
            .OrderBy(deal => deal.Item1, StringComparer.Ordinal).ThenBy(deal => deal.Item2, StringComparer.Ordinal));
        var sources = await app.QueryAsync<(string Source, long Leads)>($"""
            select coalesce(l.source, ''), count(*) from app.lead l where l.deleted_at is null and l.created_at >= @from and l.created_at < @to and {scope} group by 1
            """, new { from, to });
        Assert.Equal(sources.Order(), report.GetProperty("lead_sources").EnumerateArray()
            .Select(source => (source.GetProperty("source").GetString() ?? "", source.GetProperty("leads").GetInt64())).Order());
    }

    private static string OperationOf(Random random)
    {
        const string Some = "(select l.id from app.lead l where l.organization_id = @organization and l.id >= @start "
            + "order by l.id limit @count)";
        return random.Next(24) switch
        {
            < 5 => """
                with k as (
                    insert into app.contact (organization_id, email, email_norm)
                    select @organization, e, e from (select gen_random_uuid() || '@x.example' as e from generate_series(1, @count)) v
                    returning id)
                insert into app.lead (organization_id, contact_id, campaign_id, agency_id, client_id, source, created_at, deal_amount, deal_currency, deal_entered_by, deal_at)
                select @organization, k.id, c.id, c.agency_id, c.client_id, (array['instantly', 'manual', null])[1 + @count % 3], @at,
                    case when @count % 3 = 0 then 100.50 + @count end, case when @count % 3 = 0 then (array['EUR', 'USD', null])[1 + @offset % 3] end,
                    case when @count % 3 = 0 then 'person' end, case when @count % 3 = 0 then timestamptz 'infinity' end
                from k join app.campaign c on c.id = @campaign
                """,
            < 13 => $"""
                insert into app.activity (id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
                select gen_random_uuid(), l.organization_id, gen_random_uuid(), @type, l.contact_id, l.campaign_id, l.id, @at + n * interval '7 hours', jsonb_build_object('step', n), now()
                from app.lead l cross join generate_series(1, 3) n where l.id in {Some}
                """,
            < 16 => $"update app.lead l set status = @status, updated_at = @at where l.id in {Some}",
            16 => $"update app.lead l set deleted_at = case when l.deleted_at is null then now() end where l.id in {Some}",
            17 => $"""
                update app.lead l set campaign_id = c.id, agency_id = c.agency_id, client_id = c.client_id, source = 'moved'
                from app.campaign c where c.id = @campaign and l.id in {Some}
                """,
            18 =>
                "delete from app.activity a where (a.created_at, a.id) in (select x.created_at, x.id from app.activity x "
                + "where x.organization_id = @organization order by x.id limit @count)",
            19 => $"update app.lead l set assigned_to = @assignee, priority = (array['low', 'medium', 'urgent'])[1 + @offset % 3] where l.id in {Some}",
            20 => $"""
                update app.lead l set score = @offset % 101, qualification_score = nullif(@offset % 6, 0),
                    practice_area = (array['Family law', 'Tax', '', null])[1 + @offset % 4]
                where l.id in {Some}
                """,
            21 => $"""
                update app.lead l set interest = (array['interested', 'neutral', null])[1 + @offset % 3],
                    interest_at = case when @offset % 3 < 2 then @at end
                where l.id in {Some}
                """,
            22 => $"""
                update app.lead l set deal_amount = @offset / 8.0, deal_currency = (array['EUR', 'USD', null])[1 + @offset % 3],
                    deal_entered_by = 'person', deal_at = 'infinity'
                where l.id in {Some}
                """,
            _ => $"""
                with gone as (select id from {Some} s), moved as (
                    delete from app.activity a using gone where a.lead_id = gone.id returning a.id)
                delete from app.lead l using gone where l.id = gone.id and (select count(*) from moved) >= 0
                """,
        };
    }

    /// <summary>Counts whole tables, and folds.</summary>
    public sealed class OwnApp : TestApp;
}
