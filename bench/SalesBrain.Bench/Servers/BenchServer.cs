using Dapper;
using Npgsql;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Postgres;

namespace SalesBrain.Bench.Servers;

/// <summary>The PostgreSQL that everything here is measured on: durable, with the settings a small server would get.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    /// <summary>What a small server would be given, for both sides of every comparison.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tuning = new Dictionary<string, string>
    {
        ["shared_buffers"] = "1GB",
        ["effective_cache_size"] = "8GB",
        ["maintenance_work_mem"] = "512MB",
        ["random_page_cost"] = "1.1",
        // No checkpoint falls into one turn and not into another.
        ["max_wal_size"] = "8GB",
        ["checkpoint_timeout"] = "30min",
    };

    /// <summary>What measuring needs.</summary>
    private static readonly IReadOnlyDictionary<string, string> Watching = new Dictionary<string, string>
    {
        ["shared_preload_libraries"] = "pg_stat_statements",
        ["track_wal_io_timing"] = "on",
        // Where StatementCapture reads what the host sends.
        ["logging_collector"] = "on",
        ["log_destination"] = "jsonlog",
        ["log_filename"] = "server.log",
        ["log_rotation_age"] = "0",
        ["log_rotation_size"] = "0",
    };

    private static readonly RolePasswords Passwords = new("owner-of-bench", "tenant-of-bench", "platform-of-bench");
    private readonly EmbeddedPostgres _server;

    private BenchServer(EmbeddedPostgres server) => _server = server;

    /// <summary>The process that all others of the server are children of.</summary>
    public int ProcessId { get; private set; }

    public string Version { get; private set; } = "";

    public static async Task<BenchServer> StartAsync(string repository, string folder, CancellationToken cancellationToken)
    {
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DevFolder = Path.Combine(repository, "dev"),
                DataFolder = Path.Combine(folder, "postgres"),
                Durable = true,
                Settings = Tuning.Concat(Watching).ToDictionary(),
            },
            Console.WriteLine, cancellationToken);
        var bench = new BenchServer(server);
        await using var superuser = bench.Superuser("postgres");
        bench.ProcessId = await superuser.QuerySingleAsync<int>(
            "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int");
        bench.Version = await superuser.QuerySingleAsync<string>("show server_version");
        return bench;
    }

    /// <summary>A database of this name at the level of this build, with what is in it; made where it is missing.</summary>
    public async Task<BenchDatabase> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var connections = await LocalDatabase.PrepareAsync(
            _server.SuperuserConnectionString(), name, Passwords, TimeProvider.System, cancellationToken);
        var database = new BenchDatabase(name, connections, _server.SuperuserConnectionString(name));
        await database.AsSuperuserAsync("create extension if not exists pg_stat_statements", null, cancellationToken);
        return database;
    }

    public async Task DropAsync(string name)
    {
        await using var superuser = Superuser("postgres");
        await superuser.ExecuteAsync($"drop database if exists {name} with (force)");
    }

    /// <summary>
    /// What was noted about a database with <see cref="BenchDatabase.NoteAsync"/>; null when there is no such database or note.
    /// </summary>
    public async Task<string?> FindNoteAsync(string name)
    {
        await using var superuser = Superuser("postgres");
        return await superuser.QuerySingleOrDefaultAsync<string?>(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = @name", new { name });
    }

    public NpgsqlConnection Superuser(string database) =>
        new(new NpgsqlConnectionStringBuilder(_server.SuperuserConnectionString(database)) { Pooling = false, CommandTimeout = 0 }.ConnectionString);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
