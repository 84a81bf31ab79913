using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Statistics of thirty days by the hour on the large data set, checked against counting.</summary>
internal static class StatsScenario
{
    public const string Name = "stats";

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var logs = await run.OpenLogsAsync(run.Options.Rows, cancellationToken);
        await using var host = await run.StartHostAsync(logs.Database, cancellationToken);
        var organization = BenchWorld.Id(LogDataSet.LargestOrganization);
        var (from, to) = (logs.Until.AddDays(-30), logs.Until);
        var path = $"/api/admin/webhooks/stats?date_from={from:yyyy-MM-dd}&date_to={to:yyyy-MM-dd}&interval=hour";
        var owner = host.TokenFor(organization, Role.Owner, organization);
        var admin = host.TokenFor(BenchWorld.Operator, Role.SbAdmin, null);
        await EnsureTotalAsync(host, path, owner, logs, organization, cancellationToken);

        Measure one = new(), all = new();
        await run.TakeTurnsAsync(Name, async counts =>
        {
            var (mine, everybodys) = (await TimeAsync(owner), await TimeAsync(admin));
            if (counts)
            {
                one.Add(mine);
                all.Add(everybodys);
            }
        });
        return new Section
        {
            Name = Name,
            Title = "Statistics of webhook logs",
            Method = $"""
                `GET /stats` of the newest 30 days by the hour (720 buckets) on the data set of {run.Options.Rows:N0} logs, one request after the
                other; a turn's value is the median of up to 50. The total was checked against counting the rows.
                """,
            Claims =
            [
                new("`GET /stats`, 30 days, hourly", "–", "< 100 ms", $"{one.Text("0.0")} ms", one.Median < 100),
                new(
                    "`GET /stats`, 30 days, hourly, all organizations (platform operator)", "–", "< 100 ms", $"{all.Text("0.0")} ms",
                    all.Median < 100),
            ],
            Tables = [],
        };

        async Task<double> TimeAsync(string token) =>
            (await Sampling.TimeAsync(() => host.GetAsync(path, token, cancellationToken))).Median;
    }

    /// <summary>Fast statistics of a data set that was made without them would be easy.</summary>
    private static async Task EnsureTotalAsync(
        SalesBrainHost host, string path, string token, LogDataSet logs, Guid organization, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await host.GetAsync(path, token, cancellationToken));
        var total = answer.RootElement.GetProperty("data").GetProperty("total").GetInt64();
        var counted = await logs.Database.QuerySingleAsync<long>(
            "select count(*) from app.webhook_log where organization_id = @organization and created_at >= @from and created_at < @to",
            new { organization, from = logs.Until.AddDays(-30), to = logs.Until }, cancellationToken);
        if (total != counted)
        {
            throw new InvalidOperationException($"GET /stats answers a total of {total}, but there are {counted} logs.");
        }
    }
}
