using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>
/// A PostgreSQL server from the npm packages of <c>dev/</c>, which listens on 127.0.0.1 only. Host processes that use the same data folder
/// share one server. It stops when the last of them ends, even if that process is killed (except on Windows). If the server cannot be
/// started, a <see cref="StartupException"/> says why.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LaunchPatience = TimeSpan.FromSeconds(20);
    private readonly ClusterFolder _folder;
    private readonly Cluster _cluster;
    private readonly ServerLaunch _launch;
    private readonly ServerStop _stop;
    private readonly EmbeddedPostgresOptions _options;
    private Postmaster _server = new(0, 0, false);
    private Lifeline? _lifeline;

    private EmbeddedPostgres(ClusterFolder folder, ServerBinaries binaries, ServerAccount account, EmbeddedPostgresOptions options)
    {
        _folder = folder;
        _cluster = new(folder, binaries, account);
        _launch = new(folder, binaries, account);
        _stop = new(folder, binaries);
        _options = options;
    }

    /// <summary>The TCP port of the server. A restart keeps the port. A new start uses the port of the last run if it is free.</summary>
    public int Port => _server.Port;

    /// <summary>The server that runs now: another host may have restarted it since this host joined.</summary>
    private Postmaster Current => Postmaster.Read(_folder.Data) ?? _server;

    /// <summary>
    /// Installs the npm packages and creates the database if necessary, starts or joins the server, and returns when the server accepts
    /// connections.
    /// </summary>
    /// <param name="say">Called with a line for the developer before a long step.</param>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, Action<string>? say, CancellationToken ct)
    {
        try
        {
            var package = await DevPackages.RestoreAsync(options.DevFolder, Environment.GetEnvironmentVariable("PATH") ?? "", say, ct);
            var account = await ServerAccount.ChooseAsync(ct);
            var (folder, binaries) = await ClusterFolder.OpenAsync(options.DataFolder, ServerBinaries.Prepare(package), account, ct);
            var server = new EmbeddedPostgres(folder, binaries, account, options);
            await server.JoinAsync(keepPort: false, say, ct);
            return server;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException(
                $"{e.Message} The path belongs to another user. Run this as that user, or have that user delete the path.", e);
        }
        catch (Exception e) when (e is IOException or Win32Exception)
        {
            throw new StartupException(
                $"The embedded PostgreSQL could not be started in {options.DataFolder}: {e.Message.TrimEnd('.')}. Fix "
                + "that and run this again.",
                e);
        }
    }

    /// <summary>A connection string of the superuser <c>postgres</c>, for migrations and for creating test databases.</summary>
    public string SuperuserConnectionString(string database = "postgres") => ConnectionString(database, Port).ConnectionString;

    /// <summary>Stops the server (fast shutdown), unless another host still uses it. Can be called more than once.</summary>
    public async Task StopAsync()
    {
        // A developer deleted the folder of the running server to start with an empty database. Its lock is gone too.
        var deleted = !Directory.Exists(_folder.Root);
        using var starting = deleted ? null : await FileLock.ExclusiveAsync(_folder.StartLock, CancellationToken.None);
        if (_lifeline is null)
        {
            return;
        }

        try
        {
            _lifeline.Leave();
            if (deleted || Lifeline.IsUnused(_folder))
            {
                await _stop.FastAsync(Current, CancellationToken.None);
            }
        }
        finally
        {
            _lifeline.Dispose();
            _lifeline = null;
        }
    }

    /// <summary>Kills the server like a power failure, even if others use it. For crash tests.</summary>
    public Task KillAsync() => _stop.HardAsync(Current, CancellationToken.None);

    /// <summary>Starts the server again on the same port, after <see cref="StopAsync"/>, <see cref="KillAsync"/> or a crash.</summary>
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
            if (await FindAsync(alone, say, ct) is { } running)
            {
                _server = running;
                _launch.Watch();
            }
            else
            {
                _server = await LaunchAsync(keepPort, ct);
            }

            _lifeline = lifeline;
        }
        catch
        {
            // Without a lifeline, the watcher (ServerLaunch) stops a server that has been started.
            _lifeline = null;
            lifeline.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until the server that already runs on this data accepts connections, and returns it; null if there is none. Stops a server
    /// that has other settings and that no other host uses.
    /// </summary>
    private async Task<Postmaster?> FindAsync(bool alone, Action<string>? say, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        var told = false;
        while (Postmaster.Read(_folder.Data) is { } server && server.IsAlive(_folder.Data))
        {
            if (server.Ready && await AnswersAsync(server.Port, ct))
            {
                if (!alone || (File.Exists(_folder.Settings) && await File.ReadAllTextAsync(_folder.Settings, ct) == string.Join('\n', _options.ServerSettings())))
                {
                    return server;
                }

                await _stop.FastAsync(server, ct);
            }
            else if (waited.Elapsed > AnswerPatience)
            {
                await _stop.HardAsync(server, ct);
            }

            if (!told && waited.Elapsed > AnswerPatience / 15)
            {
                told = true;
                say?.Invoke($"Waiting until the running PostgreSQL (process {server.ProcessId}) accepts connections ...");
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

    private async Task<Postmaster> LaunchAsync(bool keepPort, CancellationToken ct)
    {
        var port = keepPort ? Port : await ServerPort.LastAsync(_folder, ct) ?? ServerPort.FindFree();
        var settings = _options.ServerSettings();
        await File.WriteAllTextAsync(_folder.Settings, string.Join('\n', settings), ct);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var (server, hindrance) = await _launch.TryAsync(port, settings, ct);
            if (server is not null)
            {
                await ServerPort.RememberAsync(_folder, port, ct);
                return server;
            }

            if (waited.Elapsed > LaunchPatience)
            {
                throw new StartupException(hindrance == ServerLaunch.Hindrance.PortTaken
                    ? $"Port {port} is in use by another program. Stop it and run this again."
                    : $"Processes of a killed PostgreSQL still use {_folder.Data}. Stop these processes and run this again.");
            }

            if (hindrance == ServerLaunch.Hindrance.RemainsAlive)
            {
                _stop.EndRemains();
            }
            else if (!keepPort)
            {
                port = ServerPort.FindFree();
                continue;
            }

            await Task.Delay(50, ct);
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
