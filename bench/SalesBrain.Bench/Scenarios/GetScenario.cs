using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Reading rows by id, against the same statements sent by pgbench.</summary>
internal static class GetScenario
{
    public const string Name = "get";
    private const int Connections = 32;

    /// <summary>How many rows are read in turn; pgbench takes a script for each.</summary>
    private const int Rows = 16;

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var logs = await run.OpenLogsAsync(run.Options.Rows, cancellationToken);
        await using var host = await run.StartHostAsync(logs.Database, cancellationToken);
        var organization = BenchWorld.Id(LogDataSet.LargestOrganization);
        var token = host.TokenFor(organization, Role.Owner, organization);
        var ids = await logs.Database.QueryAsync<Guid>("""
            select l.id from app.webhook_log l
            join app.webhook_payload p on p.organization_id = l.organization_id and p.created_at = l.created_at and p.log_id = l.id
            where l.organization_id = @organization and l.status = 'processed'
            order by md5(l.id::text)
            limit @Rows
            """, new { organization, Rows }, cancellationToken);

        var reads = new List<Read>
        {
            new("webhook endpoint (one row)", [$"/api/admin/webhooks/endpoints/{organization}"]),
            new("webhook log (row, payload, attempts, activity)", [.. ids.Select(id => $"/api/admin/webhooks/logs/{id}")]),
            new("signed-in user (user, organization, agency, client)", ["/api/v1/auth/me"]),
        };
        foreach (var read in reads)
        {
            foreach (var path in read.Paths)
            {
                read.Scripts.Add(ToScript(
                    await StatementCapture.OfAsync(logs.Database, () => host.GetAsync(path, token, cancellationToken), cancellationToken)));
            }
        }
        await run.TakeTurnsAsync(Name, async counts =>
        {
            foreach (var read in reads)
            {
                var sql = await run.Tools.Pgbench.RunAsync(
                    logs.Database.Connections.Tenant, read.Scripts, new Dictionary<string, string>(), Connections, run.Options.Seconds,
                    cancellationToken);
                var file = Path.Combine(run.WorkFolder, "paths.txt");
                await File.WriteAllLinesAsync(file, read.Paths, cancellationToken);
                var http = await run.Tools.Wrk.RunAsync(
                    host.Address, "get.lua", Connections, run.Options.Seconds, [file, token], cancellationToken);
                if (counts)
                {
                    read.Add(sql, http);
                }
            }
        });
        return new Section
        {
            Name = Name,
            Title = "Reading by id",
            Method = $"""
                wrk with {Connections} connections reads rows of one organization by id (logs: {Rows} different ones), with an access token. pgbench with
                {Connections} clients sends the very statements that the app sent for the same paths, caught in the server's log: prepared, the context for
                row-level security and the select in one round trip, as the app does, but without HTTP, token and JSON. Both share the machine
                with PostgreSQL.
                """,
            Claims = [.. reads.Select(read => new Claim(
                $"authenticated GET by id: {read.Name}", "`select` with tenant context by pgbench", "≥ 0.5", read.Ratio.Text("0.00"),
                read.Ratio.Median >= 0.5))],
            Tables =
            [
                new(
                    "A second, median (least–most)", ["", "GET", "pgbench", "GET / pgbench", "p99 of the GET, ms"],
                    [.. reads.Select(read => read.Cells())]),
            ],
        };
    }

    /// <summary>One round trip: the server treats what comes before the end of a pipeline as one transaction.</summary>
    private static string ToScript(IReadOnlyList<CapturedStatement> statements) =>
        string.Join('\n', statements.Select(statement => $"{statement.Inline().TrimEnd().TrimEnd(';')};").Prepend("\\startpipeline").Append(
            "\\endpipeline"));

    private sealed class Read(string name, IReadOnlyList<string> paths)
    {
        private readonly Measure _sql = new();
        private readonly Measure _http = new();
        private readonly Measure _p99 = new();

        public string Name { get; } = name;

        public IReadOnlyList<string> Paths { get; } = paths;

        public List<string> Scripts { get; } = [];

        public Measure Ratio => _http.Over(_sql);

        public void Add(double sql, WrkResult http)
        {
            _sql.Add(sql);
            _http.Add(http.PerSecond);
            _p99.Add(http.P99Us / 1000);
        }

        public IReadOnlyList<string> Cells() => [Name, _http.Text("0"), _sql.Text("0"), Ratio.Text("0.00"), _p99.Text("0.0")];
    }
}
