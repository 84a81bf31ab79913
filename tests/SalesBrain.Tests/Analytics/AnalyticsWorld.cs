using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Analytics;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

/// <summary>Analytics as callers see them, and counted from the rows themselves.</summary>
internal static class AnalyticsWorld
{
    internal const string Overview = "/api/v1/analytics/overview";
    internal const string Campaigns = "/api/v1/analytics/campaigns";
    internal const string Leads = "/api/v1/analytics/leads";
    internal const string Team = "/api/v1/analytics/team";

    /// <summary>The types that have members of their own, by the name of the member.</summary>
    private static readonly (string Member, string Type)[] Counted =
    [
        ("contacted", "email.sent"), ("opened", "email.opened"), ("clicked", "email.link_clicked"), ("replied", "email.replied"),
        ("bounced", "email.bounced"), ("unsubscribed", "lead.unsubscribed"), ("interested", "lead.interested"),
    ];

    /// <summary>A lead in a campaign of a client, in an organization with that time zone, and the owner.</summary>
    internal static async Task<(HttpClient Owner, Guid Lead, CrmPlace Place)> CreateReportedLeadAsync(this TestApp app, string zone)
    {
        var place = await CrmPlace.CreateAsync(app);
        await app.ExecuteAsync(
            "update app.organization set timezone = @zone where id = @OrganizationId", new { zone, place.OrganizationId });
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var lead = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        return (app.As(await place.CreateUserAsync(app, "owner")), lead, place);
    }

    internal static DateTime Utc(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

    /// <summary>The groups of the report of leads: key and number.</summary>
    internal static IEnumerable<string> Groups(JsonElement report) =>
        report.GetProperty("groups").EnumerateArray()
            .Select(group => $"{group.GetProperty("key").GetString()} {group.GetProperty("leads")}");

    /// <summary>The series: day, whether it is partial, and messages sent.</summary>
    internal static IEnumerable<string> Series(JsonElement report) => report.GetProperty("series").EnumerateArray().Select(bucket =>
        $"{bucket.GetProperty("starts_on").GetString()} {bucket.GetProperty("partial").GetBoolean()} "
        + $"{bucket.GetProperty("counts").GetProperty("contacted").GetInt64()}");

    /// <summary>Folds all changes, as the timer does.</summary>
    internal static async Task FoldAnalyticsAsync(this TestApp app)
    {
        var session = app.Services.GetRequiredService<SalesBrainDatabase>().AutoCommitPlatform();
        const string Pending = """
            select exists (select from app.analytics_change) or exists (select from app.analytics_zone z where z.made_at is null)
                or exists (select from app.organization o where not exists (
                    select from app.analytics_zone z where z.organization_id = o.id and z.timezone = o.timezone))
            """;
        for (var calls = 0; calls < 1000 && await app.QuerySingleAsync<bool>(Pending); calls++)
        {
            await AnalyticsChanges.FoldAsync(session, CancellationToken.None);
        }
    }

    /// <summary>
    /// The members of <c>totals</c> of a period, counted one by one from leads, activities and changes of status. <paramref name="scope"/>
    /// is a condition for leads <c>l</c>.
    /// </summary>
    internal static async Task<SortedDictionary<string, long>> CountTotalsAsync(this TestApp app, string scope, DateTime from, DateTime to)
    {
        var of = "from app.activity a join app.lead l on l.id = a.lead_id where a.occurred_at >= @from and a.occurred_at < @to "
            + $"and l.deleted_at is null and {scope}";
        // One statement: to plan one of a partitioned table takes longer than to count the few rows of a test.
        var rows = (await app.QueryAsync<(string Name, long Count)>($"""
            select 'leads', count(*) from app.lead l where l.created_at < @to and l.deleted_at is null and {scope}
            union all
            select 'new_leads', count(*) from app.lead l where l.created_at >= @from and l.created_at < @to and l.deleted_at is null and {scope}
            union all
            select a.activity_type, count(*) {of} group by 1
            union all
            select a.activity_type || ' leads', count(distinct a.lead_id) {of} group by 1
            union all
            select s.status || '_leads', count(distinct l.id) from app.lead_status_change s join app.lead l on l.id = s.lead_id
            where s.status in ('qualified', 'converted') and s.at >= @from and s.at < @to and l.deleted_at is null and {scope} group by 1
            """, new { from, to })).ToDictionary(row => row.Name, row => row.Count, StringComparer.Ordinal);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in (string[])["leads", "new_leads", "qualified_leads", "converted_leads"])
        {
            counts[member] = rows.GetValueOrDefault(member);
        }
        foreach (var (member, type) in Counted)
        {
            counts[member] = rows.GetValueOrDefault(type);
            counts[member + "_leads"] = rows.GetValueOrDefault(type + " leads");
        }
        return counts;
    }

    /// <summary>The same members as the response has them.</summary>
    internal static SortedDictionary<string, long> Numbers(this JsonElement totals) =>
        new(totals.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetInt64()), StringComparer.Ordinal);

    /// <summary>Asserts that totals, previous totals and every bucket of a report are what counting gives.</summary>
    internal static async Task AssertCountedAsync(
        this TestApp app, JsonElement report, string scope, string because, int buckets = int.MaxValue)
    {
        var (from, to) = Bounds(report.GetProperty("resolved"));
        AssertSame(await app.CountTotalsAsync(scope, from, to), report.GetProperty("totals").Numbers(), $"{because}, totals");
        var previous = report.GetProperty("previous");
        var (before, _) = Bounds(previous);
        AssertSame(
            await app.CountTotalsAsync(scope, before, from), previous.GetProperty("totals").Numbers(), $"{because}, previous totals");

        var zone = TimeZoneInfo.FindSystemTimeZoneById(report.GetProperty("resolved").GetProperty("tz").GetString()!);
        var series = report.GetProperty("series").EnumerateArray().ToList();
        foreach (var index in Enumerable.Range(0, series.Count).Where(index => index % Math.Max(1, series.Count / buckets) == 0))
        {
            var start = Instant(series[index], zone);
            var end = index + 1 < series.Count ? Instant(series[index + 1], zone) : to;
            var expected = await app.CountTotalsAsync(scope, start < from ? from : start, end);
            expected.Remove("leads");
            AssertSame(
                expected, series[index].GetProperty("counts").Numbers(), $"{because}, bucket {series[index].GetProperty("starts_on")}");
        }
    }

    internal static (DateTime From, DateTime To) Bounds(JsonElement period) =>
        (period.GetProperty("from").GetDateTime().ToUniversalTime(), period.GetProperty("to").GetDateTime().ToUniversalTime());

    private static DateTime Instant(JsonElement bucket, TimeZoneInfo zone)
    {
        var local = DateTime.Parse(bucket.GetProperty("starts_on").GetString()!);
        // A midnight that a change of the clock skips.
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }
        return TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone);
    }

    private static void AssertSame(SortedDictionary<string, long> counted, SortedDictionary<string, long> reported, string because) => Assert.True(
        counted.SequenceEqual(reported),
        $"{because}: " + string.Join(", ", counted.Where(pair => reported.GetValueOrDefault(pair.Key, -1) != pair.Value)
            .Select(pair => $"{pair.Key} counted {pair.Value}, reported {reported.GetValueOrDefault(pair.Key, -1)}")));
}
