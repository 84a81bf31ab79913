using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench;

/// <summary>What the scenarios of one run share: the server, the programs, the sizes.</summary>
internal sealed record BenchRun(BenchOptions Options, string Repository, string WorkFolder, BenchServer Server, BenchTools Tools)
{
    private const string IngestDatabase = "bench_ingest";

    /// <summary>An empty database but for <see cref="BenchWorld"/>.</summary>
    public async Task<BenchDatabase> CreateIngestDatabaseAsync(CancellationToken cancellationToken)
    {
        await Server.DropAsync(IngestDatabase);
        var database = await Server.OpenAsync(IngestDatabase, cancellationToken);
        await BenchWorld.CreateAsync(database, cancellationToken);
        return database;
    }

    public Task<LogDataSet> OpenLogsAsync(int rows, CancellationToken cancellationToken) =>
        LogDataSet.OpenAsync(Server, Repository, rows, Options.Fresh, cancellationToken);

    public Task<SalesBrainHost> StartHostAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        SalesBrainHost.StartAsync(Repository, WorkFolder, database, cancellationToken);

    /// <summary>Runs a turn the given number of times after one that doesn't count, and says so.</summary>
    public async Task TakeTurnsAsync(string what, Func<bool, Task> takeTurn)
    {
        Console.WriteLine($"{what}: warming up");
        await takeTurn(false);
        for (var turn = 1; turn <= Options.Turns; turn++)
        {
            Console.WriteLine($"{what}: turn {turn} of {Options.Turns}");
            await takeTurn(true);
        }
    }
}

/// <summary>The programs that measure.</summary>
internal sealed class BenchTools
{
    private readonly Tool _wrk = Tool.Find("wrk", "the Debian package wrk");
    private readonly Tool _pgbench = Tool.Find("pgbench", "the Debian package postgresql-contrib");
    private readonly Tool _psql = Tool.Find("psql", "the Debian package postgresql-client");
    private readonly Tool _node = Tool.Find("node", "Node.js 20 or later");

    public BenchTools(string repository, string workFolder)
    {
        Scripts = Path.Combine(repository, "bench", "load");
        Wrk = new Wrk(_wrk, Scripts);
        Pgbench = new Pgbench(_pgbench, workFolder);
        Psql = new Psql(_psql, workFolder);
    }

    /// <summary>The folder of the load scripts.</summary>
    public string Scripts { get; }

    public Wrk Wrk { get; }

    public Pgbench Pgbench { get; }

    public Psql Psql { get; }

    public async Task<string> VersionsAsync(CancellationToken cancellationToken) =>
        $"Node.js {await _node.VersionAsync(cancellationToken)}, {await _pgbench.VersionAsync(cancellationToken)}, "
        + $"{await _wrk.VersionAsync(cancellationToken)}";
}
