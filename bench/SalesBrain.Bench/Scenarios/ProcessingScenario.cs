using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Receiving and processing together: how fast, how many statements, does processing keep up, how long do senders wait.</summary>
internal sealed class ProcessingScenario
{
    public const string Name = "processing";
    private const int ManyCampaigns = 64;

    private readonly BenchRun _run;
    private readonly EventFlood _flood;

    private ProcessingScenario(BenchRun run, EventFlood flood) => (_run, _flood) = (run, flood);

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var flood = await EventFlood.StartAsync(run, cancellationToken);
        return await new ProcessingScenario(run, flood).MeasureAsync(cancellationToken);
    }

    private async Task<Section> MeasureAsync(CancellationToken cancellationToken)
    {
        Measure maximum = new(), processed = new(), oneOrganization = new(), oneDrain = new();
        Measure statements = new(), p50 = new(), p99 = new(), waiting = new(), drain = new();
        Measure oneCampaign = new(), manyCampaigns = new();
        var nested = 0.0;
        var costs = new Breakdown();
        await _run.TakeTurnsAsync(Name, async counts =>
        {
            var flood = await _flood.RunAsync(BenchWorld.Organizations, BenchWorld.Campaigns, cancellationToken);
            // Counting what happens inside functions costs time, so only the turn that doesn't count does it.
            var paced = counts
                ? await PaceAsync(flood.Result.PerSecond / 2, cancellationToken)
                : await _flood.Database.WithSettingAsync(
                    "pg_stat_statements.track", "all", () => PaceAsync(flood.Result.PerSecond / 2, cancellationToken), cancellationToken);
            var alone = await _flood.RunAsync(organizations: 1, BenchWorld.Campaigns, cancellationToken);
            var ofOne = await _flood.RunAsync(organizations: 1, campaigns: 1, cancellationToken);
            var ofMany = await _flood.RunAsync(organizations: 1, ManyCampaigns, cancellationToken);
            if (!counts)
            {
                nested = (double)paced.Costs.NestedStatements / paced.Latencies.Count;
                return;
            }
            maximum.Add(flood.Result.PerSecond);
            processed.Add(100 - (flood.Left * 100.0 / flood.Result.Requests));
            costs.Add(flood.Received, flood.Result.Requests);
            statements.Add((double)paced.Costs.Statements / paced.Latencies.Count);
            p50.Add(paced.Latencies.Percentile(50));
            p99.Add(paced.Latencies.Percentile(99));
            waiting.Add(paced.MostWaiting * 2000.0 / flood.Result.PerSecond);
            drain.Add(paced.Drained.TotalMilliseconds);
            oneOrganization.Add(alone.Result.PerSecond);
            oneDrain.Add(alone.Drained.TotalSeconds);
            oneCampaign.Add(ofOne.ProcessedPerSecond);
            manyCampaigns.Add(ofMany.ProcessedPerSecond);
        });
        var peak = _flood.Host.ReadMemory().Peak / 1e6;
        return new Section
        {
            Name = Name,
            Title = "Receiving and processing webhooks",
            Method = $"""
                The same load as above, but of types that have effects (sent, opened, clicked, replied; {EventLoad.Contacts:N0} contacts,
                {BenchWorld.Campaigns} campaigns), which the same process applies behind the answers. First as fast as wrk's {EventFlood.Connections}
                connections go; then, after everything is processed, at half that rate: requests are due at fixed times and latency counts from
                then, so a stall is not hidden. Statements are those that pg_stat_statements counted for the app's logins from the first
                request at half the rate until all of its events were processed, transaction control included. One campaign: all events of one
                organization are of one campaign, or of {ManyCampaigns}; the events are divided by the time from the first request until all are processed.
                """,
            Claims =
            [
                new("ingest and processing, end to end: statements per event", "–", "≤ 6", statements.Text("0.00"), statements.Median <= 6),
                new("ingest and processing, end to end: from the last answer, at half the maximum rate, until everything is processed", "–",
                    "keeping up (< 1 s)", $"{drain.Text("0")} ms", drain.Median < 1000),
                new("p99 of the 2xx at half the maximum rate", "–", "< 100 ms", $"{p99.Text("0.0")} ms", p99.Median < 100),
                new(
                    "processing, all events of one campaign", $"of {ManyCampaigns} campaigns", "–",
                    $"{oneCampaign.Over(manyCampaigns).Text("0.00")} ×", true),
                new("memory of the worker under the ingest load, processing included", "–", "< 250 MB", $"{peak:0} MB at most", peak < 250),
            ],
            Tables =
            [
                new("At the maximum rate", ["", "median (least–most)"],
                [
                    ["events a second, received", maximum.Text("0")],
                    ["of them processed when the last was received, %", processed.Text("0")],
                    ["events a second, received, all for one organization", oneOrganization.Text("0")],
                    ["then until all of those were processed, s", oneDrain.Text("0.0")],
                    ["events a second, received and processed, all of one campaign", oneCampaign.Text("0")],
                    [$"events a second, received and processed, of {ManyCampaigns} campaigns", manyCampaigns.Text("0")],
                ]),
                new("At half the maximum rate", ["", "median (least–most)"],
                [
                    ["p50 of the answers, ms", p50.Text("0.0")],
                    ["p99 of the answers, ms", p99.Text("0.0")],
                    ["most events waiting at once to be processed, as ms of the load", waiting.Text("0")],
                    ["statements per event", statements.Text("0.00")],
                    ["further statements per event inside functions, triggers and foreign key checks (measured once)", $"{nested:0.0}"],
                ]),
                Breakdown.Compare("Where the time goes at the maximum rate", ("SalesBrain", costs)),
            ],
        };
    }

    /// <summary>At a fixed rate, and then until everything is processed; costs are those of all of it.</summary>
    private async Task<(Measure Latencies, ServerCounters Costs, long MostWaiting, TimeSpan Drained)> PaceAsync(
        double perSecond, CancellationToken cancellationToken)
    {
        var before = await _flood.ReadCountersAsync(cancellationToken);
        var pace = PacedLoad.RunAsync(
            _flood.Host.Http, _flood.Load.Requests(EventLoad.Processed), perSecond, TimeSpan.FromSeconds(_run.Options.Seconds),
            EventFlood.Connections, cancellationToken);
        var most = 0L;
        while (!pace.IsCompleted)
        {
            most = Math.Max(most, await _flood.CountWaitingAsync(cancellationToken));
            await Task.WhenAny(pace, Task.Delay(500, cancellationToken));
        }
        var drained = await _flood.DrainAsync(cancellationToken);
        return (new Measure(await pace), await _flood.ReadCountersAsync(cancellationToken) - before, most, drained);
    }
}
