using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Health;

/// <summary>
/// Readiness with a database that is older, newer, busy, locked, hanging or gone. Each test leaves the database as it was.
/// </summary>
public sealed class GetReadinessTests(GetReadinessTests.RelayedApp app) : IClassFixture<GetReadinessTests.RelayedApp>
{
    private const string Ready = "/api/health/ready";

    [Fact]
    public async Task Database_without_a_migration_of_the_build_is_not_ready_and_operators_see_which()
    {
        const string Name = "migrations/0020_webhook_traces.sql";
        var row = await app.QuerySingleAsync<(string Name, string Checksum)>(
            "delete from app.schema_migration where name = @Name returning name, checksum", new { Name });
        try
        {
            var details = await DetailsAsync(HttpStatusCode.ServiceUnavailable);

            Assert.Equal([Name], details.GetProperty("missing_migrations").EnumerateArray().Select(name => name.GetString()!));
            Assert.Equal(0, details.GetProperty("newer_migrations").GetArrayLength());
        }
        finally
        {
            await app.ExecuteAsync(
                "insert into app.schema_migration (name, checksum) values (@Name, @Checksum)", new { row.Name, row.Checksum });
        }
    }

    /// <summary>While a new version is deployed: the database is migrated first, and this build still serves.</summary>
    [Fact]
    public async Task Database_of_a_newer_build_is_ready()
    {
        await app.ExecuteAsync("""
            insert into app.schema_migration (name, checksum) values ('migrations/9999_future.sql', 'future');
            update app.schema_definition set checksum = 'future' || checksum where name like '%find_sign_in%';
            """);
        try
        {
            var details = await DetailsAsync(HttpStatusCode.OK);

            Assert.Equal(0, details.GetProperty("missing_migrations").GetArrayLength());
            Assert.Equal(
                ["migrations/9999_future.sql"], details.GetProperty("newer_migrations").EnumerateArray().Select(name => name.GetString()!));
        }
        finally
        {
            await app.ExecuteAsync("""
                delete from app.schema_migration where checksum = 'future';
                update app.schema_definition set checksum = substr(checksum, 7) where checksum like 'future%';
                """);
        }
    }

    [Fact]
    public async Task Age_of_the_oldest_due_webhook_is_in_the_details()
    {
        var organization = await app.CreateOrganizationAsync();
        Assert.Equal(JsonValueKind.Null, (await DetailsAsync(HttpStatusCode.OK)).GetProperty("oldest_pending_webhook_seconds").ValueKind);
        var id = await app.CreateWebhookLogAsync(organization, "pending", dueAt: DateTime.UtcNow.AddSeconds(-90));
        await app.CreateWebhookLogAsync(await app.CreateOrganizationAsync(), "failed", dueAt: DateTime.UtcNow.AddMinutes(5));

        var age = (await DetailsAsync(HttpStatusCode.OK)).GetProperty("oldest_pending_webhook_seconds").GetInt32();

        Assert.InRange(age, 90, 100);
        await app.ExecuteAsync("update app.webhook_log set status = 'ignored', due_at = null where id = @id", new { id });
    }

    [Fact]
    public async Task Statement_that_waits_for_a_lock_is_given_two_seconds()
    {
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var locked = new NpgsqlCommand("lock table app.schema_migration in access exclusive mode", connection, transaction);
        await locked.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await AssertDownWithinAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Database_that_hangs_is_given_two_seconds()
    {
        await AssertUpAsync();
        app.Relay.IsHanging = true;
        try
        {
            // A server that does not respond confirms no cancellation either.
            await AssertDownWithinAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        }
        finally
        {
            app.Relay.IsHanging = false;
        }
        await AssertUpAsync();
    }

    [Fact]
    public async Task Database_that_is_gone_is_down_at_once()
    {
        app.Relay.Stop();
        try
        {
            await AssertDownWithinAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2));
            Assert.Equal("""{"status":"up"}""", await app.Http.GetStringAsync("/api/health/live"));
        }
        finally
        {
            app.Relay.Start();
        }
        await AssertUpAsync();
    }

    private async Task AssertUpAsync()
    {
        // The first requests may get connections that broke.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await app.Http.GetAsync(Ready);
                return response.IsSuccessStatusCode;
            },
            "The app is ready.");
    }

    private Task AssertDownWithinAsync(TimeSpan least, TimeSpan most) => FewestSeconds.AssertWithinAsync(most, async () =>
    {
        var began = TimeProvider.System.GetTimestamp();
        using var response = await app.Http.GetAsync(Ready);
        var took = TimeProvider.System.GetElapsedTime(began);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"status":"down"}""", await response.Content.ReadAsStringAsync());
        Assert.True(took >= least - TimeSpan.FromMilliseconds(50), $"It took {took.TotalSeconds} s.");
        return took;
    });

    private async Task<JsonElement> DetailsAsync(HttpStatusCode status)
    {
        using var response = await app.As(await app.CreateUserAsync("sb_operator")).GetAsync(Ready);
        Assert.Equal(status, response.StatusCode);
        return (await response.JsonAsync()).GetProperty("details");
    }

    /// <summary>An app that reaches its database through a relay, which the test can stop.</summary>
    public sealed class RelayedApp : TestApp
    {
        internal Relay Relay { get; private set; } = null!;

        protected override async Task<DatabaseConnections> CreateDatabaseAsync()
        {
            var database = await base.CreateDatabaseAsync();
            Relay = new Relay(database.Platform);
            return database with { Tenant = Relay.Redirect(database.Tenant), Platform = Relay.Redirect(database.Platform) };
        }

        protected override Task DropDatabaseAsync()
        {
            Relay.Stop();
            return base.DropDatabaseAsync();
        }
    }
}

/// <summary>Passes connections on to the database server, until it hangs or is stopped.</summary>
internal sealed class Relay
{
    private readonly string _host;
    private readonly int _port;
    private readonly int _ownPort;
    private readonly List<TcpClient> _connections = [];
    private TcpListener? _listener;

    internal Relay(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (server.Host!, server.Port);
        _ownPort = Listen(0);
    }

    /// <summary>Whether it keeps what it receives instead of passing it on.</summary>
    internal bool IsHanging { get; set; }

    internal string Redirect(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = _ownPort }.ConnectionString;

    internal void Start() => Listen(_ownPort);

    /// <summary>Refuses connections, and ends those there are.</summary>
    internal void Stop()
    {
        _listener!.Stop();
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Close());
            _connections.Clear();
        }
    }

    private int Listen(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _ = AcceptAsync(_listener);
        return ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = await ConnectAsync();
                lock (_connections)
                {
                    _connections.AddRange([client, server]);
                }
                _ = Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var server = new TcpClient();
        await server.ConnectAsync(_host, _port);
        return server;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                while (IsHanging)
                {
                    await Task.Delay(10);
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of them has gone.
        }
        from.Close();
        to.Close();
    }
}
