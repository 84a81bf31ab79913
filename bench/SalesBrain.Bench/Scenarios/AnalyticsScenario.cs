using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>
/// The overview of an organization with many activities against one with few, computed and from the cache, checked against counting.
/// </summary>
internal static class AnalyticsScenario
{
    public const string Name = "analytics";
    private const string Zone = "Asia/Kathmandu";
    private const string LeadsPath = "leads?group_by_field=status";

    private static readonly (string Path, string What)[] Others =
    [
        ("overview?range=1y&group_by=week", "overview, 1 year by week"),
        ($"overview?range=30d&tz={Zone}", "overview, 30 days, another time zone that has daily rows"),
        ("overview?date_from={1}", "overview, 30 days, from a time (counted from the leads' events)"),
        ("campaigns/{0}?range=30d", "campaign, 30 days"),
        (LeadsPath, "leads by status"),
        ("leads?group_by_field=practice_area&campaign_id={0}", "leads of a campaign by practice area"),
        ("leads?group_by_field=source&status=qualified", "leads with a status by source (each lead that matches is read)"),
        ("team?range=30d", "team, 30 days"),
    ];

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var data = await AnalyticsDataSet.OpenAsync(
            run.Server, run.Options.Rows, run.Options.SmallRows, run.Options.Fresh, cancellationToken);
        await using var host = await run.StartHostAsync(data.Database, cancellationToken);
        var (large, small) = (BenchWorld.Id(AnalyticsDataSet.Large), BenchWorld.Id(AnalyticsDataSet.Small));
        var (ofLarge, ofSmall) = (host.TokenFor(large, Role.Owner, large), host.TokenFor(small, Role.Owner, small));
        await EnsureCountedAsync(host, ofLarge, data, large, cancellationToken);
        // As after the first report in the zone.
        await data.Database.AsOwnerAsync("select app.ask_analytics_zone(@large, @zone)", new { large, zone = Zone }, cancellationToken);
        await data.Database.AsOwnerAsync("select app.fold_analytics(500)", null, cancellationToken);
        var load = LoadAverage();

        Measure many = new(), few = new(), cached = new(), ratio = new(), cachedRatio = new();
        var others = Others.Select(_ => new Measure()).ToArray();
        await run.TakeTurnsAsync(Name, async counts =>
        {
            var (manyTimes, fewTimes) = (new List<double>(), new List<double>());
            for (var time = 0; time < 10; time++)
            {
                manyTimes.Add(await ComputeAsync("overview", ofLarge));
                fewTimes.Add(await ComputeAsync("overview", ofSmall));
            }
            var (slow, quick) = (Median(manyTimes), Median(fewTimes));
            var again = (await Sampling.TimeAsync(() => host.GetAsync("/api/v1/analytics/overview", ofLarge, cancellationToken))).Median;
            var rest = new List<double>();
            foreach (var (path, _) in Others)
            {
                rest.Add(await ComputeAsync(
                    string.Format(path, await CampaignAsync(large), $"{DateTime.UtcNow.AddDays(-30):yyyy-MM-dd}T00:30:00Z"), ofLarge));
            }
            if (counts)
            {
                many.Add(slow);
                few.Add(quick);
                cached.Add(again);
                ratio.Add(slow / quick);
                cachedRatio.Add(again / slow);
                for (var index = 0; index < others.Length; index++)
                {
                    others[index].Add(rest[index]);
                }
            }
        });
        var leads = others[Array.FindIndex(Others, other => other.Path == LeadsPath)];
        return new Section
        {
            Name = Name,
            Title = "Analytics",
            Method = $"""
                `GET /analytics/overview` of 30 days by day with the period before, in an organization with {data.Activities:N0} activities of a year and in one
                with {data.SmallActivities:N0}, one after the other on the same database, everything folded. A turn's value is the median of 10 requests, before each
                of which the cached answers were deleted; those from the cache are up to 50 requests. The totals were checked against counting the rows.
                The load average (1, 5 and 15 minutes) was {load} before and {LoadAverage()} after.
                """,
            Claims =
            [
                new("`GET /analytics/overview`, 10 million activities", "–", "< 150 ms", $"{many.Text("0.0")} ms", many.Median < 150),
                new("the same", "100,000 activities", "≤ 1.5 ×", ratio.Text("0.00"), ratio.Median <= 1.5),
                new("the same from the cache", "computed", "–", cachedRatio.Text("0.00"), true),
                new("`GET /analytics/leads`, 10 million activities", "–", "< 150 ms", $"{leads.Text("0.0")} ms", leads.Median < 150),
            ],
            Tables =
            [
                new("Times of one request, ms", ["request", "median"],
                [
                    ["overview, 30 days, many activities", many.Text("0.0")], ["overview, 30 days, few activities", few.Text("0.0")],
                    ["overview, 30 days, cached", cached.Text("0.0")],
                    .. Others.Zip(others, (other, measure) => (IReadOnlyList<string>)[other.What, measure.Text("0.0")]),
                ]),
            ],
        };

        async Task<double> ComputeAsync(string path, string token)
        {
            await data.Database.AsOwnerAsync("delete from app.analytics_cache", null, cancellationToken);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await host.GetAsync("/api/v1/analytics/" + path, token, cancellationToken);
            return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Task<Guid> CampaignAsync(Guid organization) => data.Database.QuerySingleAsync<Guid>(
            "select id from app.campaign where organization_id = @organization and name = 'Outreach 7'", new { organization },
            cancellationToken);
    }

    private static double Median(IEnumerable<double> times) => times.Order().ElementAt(5);

    /// <summary>What else the machine had to do.</summary>
    private static string LoadAverage() => string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    /// <summary>Fast numbers that are wrong would be easy.</summary>
    private static async Task EnsureCountedAsync(
        SalesBrainHost host, string token, AnalyticsDataSet data, Guid organization, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await host.GetAsync("/api/v1/analytics/overview", token, cancellationToken));
        var report = answer.RootElement.GetProperty("data");
        var counted = await data.Database.QuerySingleAsync<(long Events, long Leads)>("""
            select count(*), count(distinct a.lead_id) from app.activity a
            where a.organization_id = @organization and a.activity_type = 'email.sent' and a.occurred_at >= @from and a.occurred_at < @to
            """, new
        {
            organization,
            from = report.GetProperty("resolved").GetProperty("from").GetDateTime(),
            to = report.GetProperty("resolved").GetProperty("to").GetDateTime(),
        }, cancellationToken);
        var totals = report.GetProperty("totals");
        var reported = (totals.GetProperty("contacted").GetInt64(), totals.GetProperty("contacted_leads").GetInt64());
        if (reported != counted)
        {
            throw new InvalidOperationException($"The overview says {reported}, but counting gives {counted}.");
        }
    }
}
