using System.Collections.Concurrent;
using Npgsql;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

// In this order: the app needs the server.
[assembly: AssemblyFixture(typeof(SalesBrain.Tests.App.TestCluster))]
[assembly: AssemblyFixture(typeof(SalesBrain.Tests.App.TestApp))]

namespace SalesBrain.Tests.App;

/// <summary>One PostgreSQL server for the whole run, with one migrated database from which each test class's own is cloned.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private const string Prefix = "salesbrain_test_";
    private const string Server = "postgres-tests";
    private static readonly RolePasswords Passwords = new("owner-of-tests", "tenant-of-tests", "platform-of-tests");
    private static readonly string Template = $"{Prefix}{Environment.ProcessId}_template";
    private static readonly SemaphoreSlim Cloning = new(1);
    private static int _clones;
    private readonly ConcurrentDictionary<TestApp, bool> _apps = new();
    private EmbeddedPostgres? _server;
    private PgBouncer? _bouncer;

    /// <summary>The run's cluster.</summary>
    public static TestCluster Current { get; private set; } = null!;

    /// <summary>The folder whose npm packages have been restored, for tests that run Node.js.</summary>
    public string DevFolder { get; } = Path.Combine(RepositoryFolder.Find(), "dev");

    public string SuperuserConnectionString => _server!.SuperuserConnectionString();

    public async ValueTask InitializeAsync()
    {
        Current = this;
        // As the tests themselves (SalesBrain.Tests.csproj): their processes end before measured code pays too.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        await DevPackages.RestoreAsync(
            DevFolder, Environment.GetEnvironmentVariable("PATH") ?? "", Console.WriteLine, CancellationToken.None);
        _server = await TestServers.StartPostgresAsync(Server, maxConnections: 400, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["shared_preload_libraries"] = "pg_stat_statements",
            // Only in databases whose tests count: reading the counts of one database takes as long as reading those of all.
            ["pg_stat_statements.track"] = "none",
            // For all databases together: what falls out of it is not counted any more.
            ["pg_stat_statements.max"] = "100000",
            // Without this the statements of earlier runs fill it, and reading it takes longer with every run.
            ["pg_stat_statements.save"] = "off",
            // With the database, for ReadLogAsync.
            ["log_line_prefix"] = "%m [%p] %d ",
        });
        if (TestServers.PgBouncerProgram is { } program)
        {
            _bouncer = await PgBouncer.StartAsync(program, _server.Port, Passwords);
        }
        await DropLeftOversAsync();
        await LocalDatabase.PrepareAsync(SuperuserConnectionString, Template, Passwords, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>A database of its own, migrated and empty. The server counts its statements if asked to.</summary>
    public async Task<DatabaseConnections> CloneAsync(bool countsStatements = false)
    {
        var name = $"{Prefix}{Environment.ProcessId}_{Interlocked.Increment(ref _clones)}";
        // The template may have no other session while it is copied, not even another copy's.
        await Cloning.WaitAsync();
        try
        {
            await ExecuteAsync($"create database {name} template {Template} owner salesbrain_owner strategy file_copy");
            // A migration does this too, and the privileges of a database are not copied.
            await ExecuteAsync($"revoke temporary on database {name} from public");
            if (countsStatements)
            {
                await ExecuteAsync($"alter database {name} set pg_stat_statements.track = top");
            }
        }
        finally
        {
            Cloning.Release();
        }
        return Through(LocalDatabase.ConnectionsTo(SuperuserConnectionString, name, Passwords));
    }

    /// <summary>A database with nothing in it, not even the schema.</summary>
    public async Task<DatabaseConnections> CreateEmptyAsync()
    {
        var name = $"{Prefix}{Environment.ProcessId}_{Interlocked.Increment(ref _clones)}";
        await ExecuteAsync($"create database {name} template template0 owner salesbrain_owner");
        return Through(LocalDatabase.ConnectionsTo(SuperuserConnectionString, name, Passwords));
    }

    /// <summary>Whether the app's connections keep prepared statements.</summary>
    public bool CanPrepare => _bouncer is not { CanPrepare: false };

    /// <summary>The database as the app reaches it in this run.</summary>
    public DatabaseConnections Through(DatabaseConnections database) => _bouncer?.Through(database) ?? database;

    /// <summary>What the server has logged about a database.</summary>
    public static async Task<List<string>> ReadLogAsync(DatabaseConnections database)
    {
        var mark = $" {new NpgsqlConnectionStringBuilder(database.Owner).Database} ";
        return (await ReadLogFromAsync(0)).FindAll(line => line.Contains(mark, StringComparison.Ordinal));
    }

    /// <summary>The length of the server's log, in bytes.</summary>
    public static long LogLength => new FileInfo(LogFile).Length;

    /// <summary>The lines that the server has logged since its log had this length.</summary>
    public static async Task<List<string>> ReadLogFromAsync(long length)
    {
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = length;
        using var reader = new StreamReader(file);
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }
        return lines;
    }

    private static string LogFile => Path.Combine(TestServers.DataFolder(Server), "server.log");

    /// <summary>Has the app stopped before the server: the run's end disposes its fixtures in the order in which it made them.</summary>
    public void StopBefore(TestApp app) => _apps.TryAdd(app, true);

    /// <summary>Removes a clone and whoever is still connected to it.</summary>
    public Task DropAsync(DatabaseConnections database) =>
        ExecuteAsync($"drop database if exists {new NpgsqlConnectionStringBuilder(database.Owner).Database} with (force)");

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps.Keys)
        {
            await app.DisposeAsync();
        }
        if (_bouncer is not null)
        {
            await _bouncer.DisposeAsync();
        }
        await ExecuteAsync($"drop database if exists {Template} with (force)");
        await _server!.DisposeAsync();
    }

    /// <summary>Databases of runs that were killed.</summary>
    private async Task DropLeftOversAsync()
    {
        var names = new List<string>();
        await using (var connection = new NpgsqlConnection(SuperuserConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"select datname from pg_database where datname like '{Prefix}%'", connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }
        foreach (var name in names.Where(name => !IsRunning(int.Parse(name[Prefix.Length..].Split('_')[0]))))
        {
            await ExecuteAsync($"drop database if exists {name} with (force)");
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return process.Id != Environment.ProcessId;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(SuperuserConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
