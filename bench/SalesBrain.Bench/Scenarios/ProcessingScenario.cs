using System.Diagnostics;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Receiving and processing together: how fast, how many statements, does processing keep up, how long do senders wait.</summary>
internal sealed class ProcessingScenario
{
    public const string Name = "processing";
    private const int Connections = 64;
    private const int ManyCampaigns = 64;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(5);

    private readonly BenchRun _run;
    private readonly BenchDatabase _database;
    private readonly SalesBrainHost _host;
    private readonly EventLoad _load;

    private ProcessingScenario(BenchRun run, BenchDatabase database, SalesBrainHost host)
    {
        _run = run;
        _database = database;
        _host = host;
        _load = new EventLoad(run.Tools.Scripts);
    }

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        return await new ProcessingScenario(run, database, host).MeasureAsync(cancellationToken);
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
            var flood = await FloodAsync(BenchWorld.Organizations, BenchWorld.Campaigns, cancellationToken);
            // Counting what happens inside functions costs time, so only the turn that doesn't count does it.
            var paced = counts
                ? await PaceAsync(flood.Result.PerSecond / 2, cancellationToken)
                : await _database.WithSettingAsync(
                    "pg_stat_statements.track", "all", () => PaceAsync(flood.Result.PerSecond / 2, cancellationToken), cancellationToken);
            var alone = await FloodAsync(organizations: 1, BenchWorld.Campaigns, cancellationToken);
            var ofOne = await FloodAsync(organizations: 1, campaigns: 1, cancellationToken);
            var ofMany = await FloodAsync(organizations: 1, ManyCampaigns, cancellationToken);
            if (!counts)
            {
                nested = (double)paced.Costs.NestedStatements / paced.Latencies.Count;
                return;
            }
            maximum.Add(flood.Result.PerSecond);
            processed.Add(100 - (flood.Left * 100.0 / flood.Result.Requests));
            costs.Add(flood.Costs, flood.Result.Requests);
            statements.Add((double)paced.Costs.Statements / paced.Latencies.Count);
            p50.Add(paced.Latencies.Percentile(50));
            p99.Add(paced.Latencies.Percentile(99));
            waiting.Add(paced.MostWaiting * 2000.0 / flood.Result.PerSecond);
            drain.Add(paced.Drained.TotalMilliseconds);
            oneOrganization.Add(alone.Result.PerSecond);
            oneDrain.Add(alone.Drained.TotalSeconds);
            oneCampaign.Add(ofOne.Result.Requests / (_run.Options.Seconds + ofOne.Drained.TotalSeconds));
            manyCampaigns.Add(ofMany.Result.Requests / (_run.Options.Seconds + ofMany.Drained.TotalSeconds));
        });
        var peak = _host.ReadMemory().Peak / 1e6;
        return new Section
        {
            Name = Name,
            Title = "Receiving and processing webhooks",
            Method = $"""
                The same load as above, but of types that have effects (sent, opened, clicked, replied; {EventLoad.Contacts:N0} contacts,
                {BenchWorld.Campaigns} campaigns), which the same process applies behind the answers. First as fast as wrk's {Connections}
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
                new("processing, all events of one campaign", $"of {ManyCampaigns} campaigns", "–", $"{oneCampaign.Over(manyCampaigns).Text("0.00")} ×", true),
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

    /// <summary>As fast as it goes, and then until everything is processed; costs are those until the last answer.</summary>
    private async Task<(WrkResult Result, ServerCounters Costs, long Left, TimeSpan Drained)> FloodAsync(
        int organizations, int campaigns, CancellationToken cancellationToken)
    {
        var before = await ReadCountersAsync(cancellationToken);
        var result = await _run.Tools.Wrk.RunAsync(
            _host.Address, "ingest.lua", Connections, _run.Options.Seconds, _load.ScriptArguments(EventLoad.Processed, organizations, campaigns), cancellationToken);
        var left = await CountWaitingAsync(cancellationToken);
        var costs = await ReadCountersAsync(cancellationToken) - before;
        return (result, costs, left, await DrainAsync(cancellationToken));
    }

    /// <summary>At a fixed rate, and then until everything is processed; costs are those of all of it.</summary>
    private async Task<(Measure Latencies, ServerCounters Costs, long MostWaiting, TimeSpan Drained)> PaceAsync(
        double perSecond, CancellationToken cancellationToken)
    {
        var before = await ReadCountersAsync(cancellationToken);
        var pace = PacedLoad.RunAsync(
            _host.Http, _load.Requests(EventLoad.Processed), perSecond, TimeSpan.FromSeconds(_run.Options.Seconds), Connections, cancellationToken);
        var most = 0L;
        while (!pace.IsCompleted)
        {
            most = Math.Max(most, await CountWaitingAsync(cancellationToken));
            await Task.WhenAny(pace, Task.Delay(500, cancellationToken));
        }
        var drained = await DrainAsync(cancellationToken);
        return (new Measure(await pace), await ReadCountersAsync(cancellationToken) - before, most, drained);
    }

    private Task<ServerCounters> ReadCountersAsync(CancellationToken cancellationToken) =>
        ServerCounters.ReadAsync(_run.Server, _database, _host.ProcessId, cancellationToken);

    private Task<long> CountWaitingAsync(CancellationToken cancellationToken) =>
        _database.QuerySingleAsync<long>("select count(*) from app.webhook_log where due_at is not null", null, cancellationToken);

    /// <summary>How long it took until nothing was waiting. Throws <see cref="InvalidOperationException"/> when an event failed or it takes too long.</summary>
    private async Task<TimeSpan> DrainAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (await CountWaitingAsync(cancellationToken) is > 0 and var left)
        {
            var failed = await _database.QuerySingleAsync<long>(
                "select count(*) from app.webhook_log where status in ('failed', 'dead')", null, cancellationToken);
            if (failed > 0 || waited.Elapsed > DrainPatience)
            {
                throw new InvalidOperationException($"{failed} events failed, and {left} are still not processed after {waited.Elapsed.TotalSeconds:0} s.");
            }
            await Task.Delay(20, cancellationToken);
        }
        return waited.Elapsed;
    }
}
