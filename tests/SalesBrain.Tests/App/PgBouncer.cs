using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Postgres;

namespace SalesBrain.Tests.App;

/// <summary>
/// PgBouncer in transaction mode in front of a server, for the app's two logins. It is a process of its own, run by another user than root,
/// and ends with the test process, also if that is killed.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>Fewer than the 40 connections of the app's pools, so that connections are shared.</summary>
    private const int PoolSize = 20;

    // Reads until the test process closes its end or dies. Ends with the exit code of a PgBouncer that ended by itself.
    private const string Script = """
        log=$1
        shift
        ulimit -n "$(ulimit -H -n)"
        "$@" </dev/null >"$log" 2>&1 &
        bouncer=$!
        { read -r _; kill -9 $bouncer; } <&3 &
        wait $bouncer
        """;

    private readonly DirectoryInfo _folder;
    private readonly string _program;
    private readonly ServerAccount _account;
    private Process? _process;

    private PgBouncer(string program, ServerAccount account, DirectoryInfo folder, int port, Version version)
    {
        (_program, _account, _folder, Port, Version) = (program, account, folder, port, version);
    }

    public int Port { get; }

    public Version Version { get; }

    /// <summary>
    /// Whether it supports prepared statements in transaction mode, and <c>deallocate all</c>, which Npgsql uses with them.
    /// </summary>
    public bool CanPrepare => Version >= new Version(1, 22);

    private string Log => Path.Combine(_folder.FullName, "log");

    private string Settings => Path.Combine(_folder.FullName, "pgbouncer.ini");

    /// <summary>The installed program. Throws if there is none.</summary>
    public static string FindProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "pgbouncer"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "SALESBRAIN_TEST_PGBOUNCER is set, but pgbouncer was not found. Install it (Debian: apt-get install pgbouncer).");

    /// <summary>Starts one in front of the server on this port, and returns when it accepts connections.</summary>
    public static async Task<PgBouncer> StartAsync(string program, int serverPort, RolePasswords passwords)
    {
        var version = await Command.RunAsync([program, "--version"], CancellationToken.None);
        var account = await ServerAccount.ChooseAsync(CancellationToken.None);
        var bouncer = new PgBouncer(
            program, account, Directory.CreateTempSubdirectory("salesbrain-pgbouncer"), ServerPort.FindFree(),
            Version.Parse(version.Output.Split('\n')[0].Replace("PgBouncer", "", StringComparison.Ordinal).Trim()));
        await bouncer.WriteSettingsAsync(serverPort, passwords);
        await bouncer.LaunchAsync();
        return bouncer;
    }

    /// <summary>The same database through this PgBouncer, for the two logins. The owner stays connected to the server itself.</summary>
    public DatabaseConnections Through(DatabaseConnections database) =>
        database with { Tenant = Through(database.Tenant), Platform = Through(database.Platform) };

    /// <summary>Kills it, with all connections.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private string Through(string connectionString)
    {
        var through = new NpgsqlConnectionStringBuilder(connectionString) { Port = Port };
        if (!CanPrepare)
        {
            through.MaxAutoPrepare = 0;
        }
        return through.ConnectionString;
    }

    private async Task WriteSettingsAsync(int serverPort, RolePasswords passwords)
    {
        var logins = Path.Combine(_folder.FullName, "logins");
        await File.WriteAllTextAsync(logins, $"""
            "salesbrain_tenant" "{passwords.Tenant}"
            "salesbrain_platform" "{passwords.Platform}"

            """);
        await File.WriteAllTextAsync(Settings, $"""
            [databases]
            * = host=127.0.0.1 port={serverPort}

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {logins}
            pool_mode = transaction
            default_pool_size = {PoolSize}
            max_client_conn = 5000
            ; The default of 15 s is how long a server that came back is not tried.
            server_login_retry = 1
            ; The default of 120 s is longer than the app waits for a statement.
            query_wait_timeout = 15
            ; Databases of finished test classes keep no connections.
            server_idle_timeout = 20
            {(CanPrepare ? "max_prepared_statements = 200" : "")}

            """);
        await _account.OwnAsync(_folder.FullName, CancellationToken.None);
    }

    private async Task LaunchAsync()
    {
        var start = Command.Info(["/bin/sh", "-c", $"exec 3<&0\n{Script}", "sh", Log, .. _account.Running(_program, Settings)]);
        _process = Process.Start(start)!;
        var waited = Stopwatch.StartNew();
        while (!await ListensAsync())
        {
            if (_process.HasExited || waited.Elapsed > Eventually.Limit)
            {
                throw new InvalidOperationException(
                    $"PgBouncer did not start: {(File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "it wrote nothing")}");
            }
            await Task.Delay(10);
        }
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
