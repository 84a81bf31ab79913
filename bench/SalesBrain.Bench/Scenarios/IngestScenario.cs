using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Receiving webhooks, against storing the same rows without HTTP and against a plain Node.js service.</summary>
internal static class IngestScenario
{
    public const string Name = "ingest";
    private const int Connections = 64;

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        await using var node = await NodeService.StartAsync(run.Repository, run.WorkFolder, database, cancellationToken);
        var load = new EventLoad(run.Tools.Scripts);
        var baseline = IngestBaseline.OneStatement(run.Repository);
        var variables = IngestBaseline.Variables(load);

        Measure pgbench = new(), app = new(), plain = new(), p99 = new();
        Breakdown appCosts = new(), plainCosts = new();
        await run.TakeTurnsAsync(Name, async counts =>
        {
            var transactions = await run.Tools.Pgbench.RunAsync(
                database.Connections.Platform, [baseline], variables, Connections, run.Options.Seconds, cancellationToken);
            var (received, costs) = await LoadAsync(host.Address, host.ProcessId);
            var (receivedByNode, nodeCosts) = await LoadAsync(node.Address, node.ProcessId);
            if (counts)
            {
                pgbench.Add(transactions);
                app.Add(received.PerSecond);
                p99.Add(received.P99Us / 1000);
                plain.Add(receivedByNode.PerSecond);
                appCosts.Add(costs, received.Requests);
                plainCosts.Add(nodeCosts, receivedByNode.Requests);
            }
        });
        await EnsureAllStoredAsync(database, cancellationToken);

        var (againstSql, againstNode, peak) = (app.Over(pgbench), app.Over(plain), host.ReadMemory().Peak / 1e6);
        return new Section
        {
            Name = Name,
            Title = "Receiving webhooks",
            Method = $"""
                wrk with {Connections} connections sends distinct Instantly events (about 500 bytes, the endpoint's secret in a header) to the
                endpoints of 20 organizations; each is verified, read, deduplicated and answered after its commit. Their type has no effects, so
                nothing is processed meanwhile. pgbench with {Connections} clients runs one prepared statement per event that inserts the same
                three rows (`bench/sql/store_event.sql`), a transaction and a round trip each, without HTTP, JSON or verification; the Node.js
                service (fastify and pg, `bench/node`) runs the same statement behind the same HTTP call. `fsync` and `synchronous_commit` are on
                for all three; load generators and servers share the machine.
                """,
            Claims =
            [
                new(
                    "webhook ingest", "pgbench, one transaction per event", "≥ 0.5, later ≥ 1.0", againstSql.Text("0.00"),
                    againstSql.Median >= 0.5),
                new("webhook ingest", "a plain Node.js service", "≥ 2", againstNode.Text("0.00"), againstNode.Median >= 2),
                new("memory of the worker under the ingest load", "–", "< 250 MB", $"{peak:0} MB at most", peak < 250),
            ],
            Tables =
            [
                new("Events a second", ["", "median (least–most)"],
                [
                    ["pgbench", pgbench.Text("0")], ["SalesBrain", app.Text("0")], ["Node.js", plain.Text("0")],
                    ["SalesBrain, p99 of the answers at this rate, ms", p99.Text("0.0")],
                ]),
                Breakdown.Compare("Where the time goes", ("SalesBrain", appCosts), ("Node.js", plainCosts)),
            ],
        };

        async Task<(WrkResult Result, ServerCounters Costs)> LoadAsync(Uri address, int processId)
        {
            var before = await ServerCounters.ReadAsync(run.Server, database, processId, cancellationToken);
            var result = await run.Tools.Wrk.RunAsync(
                address, "ingest.lua", Connections, run.Options.Seconds, load.ScriptArguments(EventLoad.Unprocessed), cancellationToken);
            return (result, await ServerCounters.ReadAsync(run.Server, database, processId, cancellationToken) - before);
        }
    }

    /// <summary>Speed by dropping or doubling events would be none.</summary>
    private static async Task EnsureAllStoredAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var (logs, payloads, receipts) = await database.QuerySingleAsync<(long, long, long)>("""
            select (select count(*) from app.webhook_log), (select count(*) from app.webhook_payload), (select count(*) from app.webhook_receipt)
            """, null, cancellationToken);
        if (logs != payloads || logs != receipts)
        {
            throw new InvalidOperationException($"There are {logs} logs, but {payloads} payloads and {receipts} receipts.");
        }
    }
}
