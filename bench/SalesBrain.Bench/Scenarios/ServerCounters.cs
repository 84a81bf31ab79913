using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>What a database, its server and a process have used so far; the difference of two tells where a turn's time went.</summary>
internal sealed record ServerCounters
{
    /// <summary>Statements that the app's logins sent.</summary>
    public long Statements { get; init; }

    /// <summary>Statements inside functions and triggers; foreign key checks are such.</summary>
    public long NestedStatements { get; init; }

    /// <summary>Of them, statements that store events.</summary>
    public long Stores { get; init; }

    /// <summary>Milliseconds that these took, without their commits.</summary>
    public double StoreMs { get; init; }

    /// <summary>How often the log was forced to disk, and the milliseconds of it.</summary>
    public long Syncs { get; init; }
    public double SyncMs { get; init; }

    /// <summary>Processor seconds of the measured process, of PostgreSQL, and of load generators that have ended.</summary>
    public double ProcessCpu { get; init; }
    public double ServerCpu { get; init; }
    public double LoadCpu { get; init; }

    public static async Task<ServerCounters> ReadAsync(
        BenchServer server, BenchDatabase database, int processId, CancellationToken cancellationToken)
    {
        var counters = await database.QuerySingleAsync<ServerCounters>("""
            select coalesce(sum(s.calls) filter (where s.toplevel and app), 0)::bigint as "Statements",
                -- Foreign keys are checked as the tables' owner.
                coalesce(sum(s.calls) filter (where not s.toplevel), 0)::bigint as "NestedStatements",
                coalesce(sum(s.calls) filter (where s.toplevel and app and store), 0)::bigint as "Stores",
                coalesce(sum(s.total_exec_time) filter (where s.toplevel and app and store), 0) as "StoreMs",
                (select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal') as "Syncs",
                (select coalesce(sum(fsync_time), 0) from pg_stat_io where object = 'wal') as "SyncMs"
            from pg_stat_statements s
            cross join lateral (select
                s.userid in ('salesbrain_tenant'::regrole, 'salesbrain_platform'::regrole) as app,
                s.query like '%insert into app.webhook_receipt%' as store) is_of
            where s.dbid = (select oid from pg_database where datname = current_database())
            """, null, cancellationToken);
        return counters with
        {
            ProcessCpu = CpuTime.OfProcess(processId),
            ServerCpu = CpuTime.OfFamily(server.ProcessId),
            LoadCpu = CpuTime.OfEndedChildren(),
        };
    }

    public static ServerCounters operator -(ServerCounters later, ServerCounters earlier) => new()
    {
        Statements = later.Statements - earlier.Statements,
        NestedStatements = later.NestedStatements - earlier.NestedStatements,
        Stores = later.Stores - earlier.Stores,
        StoreMs = later.StoreMs - earlier.StoreMs,
        Syncs = later.Syncs - earlier.Syncs,
        SyncMs = later.SyncMs - earlier.SyncMs,
        ProcessCpu = later.ProcessCpu - earlier.ProcessCpu,
        ServerCpu = later.ServerCpu - earlier.ServerCpu,
        LoadCpu = later.LoadCpu - earlier.LoadCpu,
    };
}
