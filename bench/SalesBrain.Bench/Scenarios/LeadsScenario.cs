using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>The lists of leads and contacts on a large data set against a small one, and changing a hundred leads at once.</summary>
internal static class LeadsScenario
{
    public const string Name = "leads";
    private const int Bulk = 100;
    private static readonly Guid Organization = BenchWorld.Id(LeadDataSet.LargestOrganization);

    /// <summary>Each order and each filter alone. In both data sets what is rare is as rare.</summary>
    private static readonly string[] Leads =
    [
        "", "sort_order=asc", "sort_by=updated_at", "sort_by=score", "sort_by=status", "sort_by=priority", "sort_by=last_activity_at",
        "sort_by=last_name", "sort_by=company", "status=converted", "status=new", "priority=urgent", "interest=no_show", "assigned_to=me",
        "assigned_to=none", "practice_area=Law", "tags=rare", "tags=often", "min_score=96", "custom.size=rare", "campaign_id=CAMPAIGN",
        "search=person", "search=person%204211",
    ];

    private static readonly string[] Contacts =
    [
        "", "sort_by=updated_at", "sort_by=last_name", "sort_by=company", "sort_by=email", "suppression=bounced", "country=LI",
        "country=US", "owner=me", "tags=rare", "tags=often", "campaign_id=CAMPAIGN", "search=person", "search=person%204211",
    ];

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var (rows, smallRows) = (run.Options.LeadRows, run.Options.LeadRows / 10);
        var large = await LeadDataSet.OpenAsync(run.Server, run.Repository, rows, run.Options.Fresh, cancellationToken);
        var small = await LeadDataSet.OpenAsync(run.Server, run.Repository, smallRows, run.Options.Fresh, cancellationToken);
        await using var largeHost = await run.StartHostAsync(large.Database, cancellationToken);
        await using var smallHost = await run.StartHostAsync(small.Database, cancellationToken);
        var campaign = await large.Database.QuerySingleAsync<Guid>(
            "select md5(@Organization || ' campaign 7')::uuid", new { Organization = $"{Organization}" }, cancellationToken);

        var results = new List<Result>();
        foreach (var (list, query) in Leads.Select(query => ("leads", query)).Concat(Contacts.Select(query => ("contacts", query))))
        {
            var path = $"/api/v1/{list}?{query.Replace("CAMPAIGN", $"{campaign}", StringComparison.Ordinal)}";
            var name = $"{list}, {(query.Length == 0 ? "no filter" : Uri.UnescapeDataString(query.Replace("CAMPAIGN", "…", StringComparison.Ordinal)))}";
            results.Add(new Result(name, path, path));
            if (await NextPageAsync(largeHost, path, cancellationToken) is { } next
                && await NextPageAsync(smallHost, path, cancellationToken) is { } smallNext)
            {
                results.Add(new Result($"{name}, by cursor", next, smallNext));
            }
        }
        var bulk = new Measure();
        var leads = await large.Database.QueryAsync<Guid>(
            "select id from app.lead where organization_id = @Organization order by md5(id::text) limit @Bulk", new { Organization, Bulk },
            cancellationToken);
        await run.TakeTurnsAsync(Name, async counts =>
        {
            foreach (var result in results)
            {
                var http = (await Sampling.TimeAsync(() => largeHost.GetAsync(result.Path, TokenFor(largeHost), cancellationToken))).Median;
                var httpSmall = (await Sampling.TimeAsync(() => smallHost.GetAsync(result.SmallPath, TokenFor(smallHost), cancellationToken))).Median;
                if (counts)
                {
                    result.Add(http, httpSmall);
                }
            }
            var time = await TimeBulkUpdatesAsync(largeHost, leads, cancellationToken);
            if (counts)
            {
                bulk.Add(time);
            }
        });
        return Describe(rows, smallRows, results, bulk);
    }

    private static string TokenFor(SalesBrainHost host) => host.TokenFor(Organization, Role.Owner, Organization);

    private static async Task<string?> NextPageAsync(SalesBrainHost host, string path, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await host.GetAsync(path, TokenFor(host), cancellationToken));
        var cursor = answer.RootElement.GetProperty("pagination").GetProperty("next_cursor").GetString();
        return cursor is null ? null : $"{path}&cursor={Uri.EscapeDataString(cursor)}";
    }

    /// <summary>Milliseconds of a request that changes status and priority of a hundred leads: every request another value.</summary>
    private static async Task<double> TimeBulkUpdatesAsync(SalesBrainHost host, List<Guid> leads, CancellationToken cancellationToken)
    {
        var times = new Measure();
        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/leads/bulk-update");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(host));
            var changes = new { status = i % 2 == 0 ? "qualified" : "responded", priority = i % 2 == 0 ? "high" : "low" };
            request.Content = new StringContent(
                JsonSerializer.Serialize(new { lead_ids = leads, changes }), Encoding.UTF8, "application/json");
            var start = Stopwatch.GetTimestamp();
            using var response = await host.Http.SendAsync(request, cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (!response.IsSuccessStatusCode || answer.RootElement.GetProperty("success_count").GetInt32() != Bulk)
            {
                throw new InvalidOperationException($"bulk-update answered {(int)response.StatusCode}: {answer.RootElement}");
            }
        }
        return times.Median;
    }

    private static Section Describe(int rows, int smallRows, List<Result> results, Measure bulk)
    {
        var worst = results.MaxBy(result => result.Ratio.Median)!;
        return new Section
        {
            Name = Name,
            Title = "Listing leads and contacts",
            Method = $"""
                {rows:N0} leads of as many contacts in {BenchWorld.Organizations} organizations (25 %, 15 %, 10 %, the others alike); the caller owns the
                largest one. Each order and each filter, first page and the next one by cursor, 50 rows a page, one request after the other; a turn's value is
                the median of up to 50. The small data set has {smallRows:N0} leads, made in the same way, on the same server, and is measured in turn. A filter
                finds the same share of the leads in both, so up to ten times as many here: what is rare is read and counted as a whole. The bulk update changes
                status and priority of {Bulk} leads in one request, with an audit entry for each; a turn's value is the median of ten.
                """,
            Claims =
            [
                new("lists of leads and contacts, each filter and order, first page and by cursor", $"{smallRows:N0} leads", "≤ 1.5 ×",
                    $"{results.Count(result => result.Ratio.Median <= 1.5)} of {results.Count} lists; the worst ({worst.Name}): "
                    + $"{worst.Ratio.Text("0.00")} ×",
                    results.TrueForAll(result => result.Ratio.Median <= 1.5)),
                new("bulk update of 100 leads", "–", "≤ 50 ms", $"{bulk.Text("0.0")} ms", bulk.Median <= 50),
            ],
            Tables =
            [
                new(
                    "Milliseconds, median (least–most)", ["", $"{rows:N0} leads", $"{smallRows:N0} leads", "ratio"],
                    [.. results.Select(result => result.Cells())]),
            ],
        };
    }

    private sealed class Result(string name, string path, string smallPath)
    {
        private readonly Measure _http = new();
        private readonly Measure _small = new();

        public string Name { get; } = name;

        public string Path { get; } = path;

        public string SmallPath { get; } = smallPath;

        public Measure Ratio => _http.Over(_small);

        public void Add(double http, double small)
        {
            _http.Add(http);
            _small.Add(small);
        }

        public IReadOnlyList<string> Cells() => [Name, _http.Text("0.0"), _small.Text("0.0"), Ratio.Text("0.00")];
    }
}
