using System.Net;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>A database that goes away and comes back, on a server of its own so that no other test notices.</summary>
public sealed class DatabaseOutageTests(DatabaseOutageTests.OwnServer app) : IClassFixture<DatabaseOutageTests.OwnServer>
{
    [Fact]
    public async Task Burst_over_an_outage_is_answered_503_and_loses_nothing_it_promised()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        await app.DeliverAsync(endpoint, Delivery(-1));
        var promised = 0;
        var refused = 0;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var burst = Parallel.ForEachAsync(Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            if (i == 200)
            {
                await app.Server.KillAsync();
                stopped.SetResult();
            }
            else if (i > 400)
            {
                await stopped.Task;
            }
            using var response = await app.Http.PostTextAsync(endpoint.Path, Delivery(i));
            if (response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref promised);
                return;
            }
            await AssertUnavailableAsync(response);
            Interlocked.Increment(ref refused);
        });
        await burst;
        Assert.True(refused >= 100, $"{refused} refused");
        using (var ready = await app.Http.GetAsync("/api/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }
        Assert.Equal("""{"status":"up"}""", await app.Http.GetStringAsync("/api/health/live"));

        await app.Server.RestartAsync(CancellationToken.None);
        app.Reconnect();

        // Without a restart of the host.
        await DeliverWhenBackAsync(endpoint, Delivery(1000));
        using var fired = await app.Http.PostAsync("/admin/functions/ProcessPendingWebhooks", null);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var (stored, whole) = await app.QuerySingleAsync<(int, int)>("""
            select count(*)::int, count(*) filter (where exists (
                select from app.activity a where a.webhook_log_id = l.id) and exists (
                select from app.webhook_payload p where p.log_id = l.id) and status = 'processed')::int
            from app.webhook_log l where l.organization_id = @OrganizationId
            """, endpoint);
        Assert.True(stored >= promised + 2, $"{stored} stored of {promised} promised");
        Assert.Equal(stored, whole);
    }

    /// <summary>What Azure does when the disk is nearly full.</summary>
    [Fact]
    public async Task Server_that_only_reads_is_answered_503()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        await DeliverWhenBackAsync(endpoint, Delivery(1));
        await OnlyReadAsync(app.Server, true);
        var stored = 1;
        try
        {
            // Connections that exist learn of the setting a moment later than new ones.
            var response = await app.Http.PostTextAsync(endpoint.Path, Delivery(2));
            for (; response.IsSuccessStatusCode && stored < 200; stored++)
            {
                response.Dispose();
                await Task.Delay(10);
                response = await app.Http.PostTextAsync(endpoint.Path, Delivery(stored + 2));
            }
            using var refused = response;
            await AssertUnavailableAsync(refused);
            Assert.Equal("database_unavailable", (await refused.JsonAsync()).GetProperty("code").GetString());
        }
        finally
        {
            await OnlyReadAsync(app.Server, false);
        }

        await DeliverWhenBackAsync(endpoint, Delivery(stored + 1));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        Assert.Equal(
            stored + 1,
            await app.QuerySingleAsync<int>("select count(*) from app.activity where organization_id = @OrganizationId", endpoint));
    }

    /// <summary>Returns when new transactions have the setting.</summary>
    private static async Task OnlyReadAsync(EmbeddedPostgres server, bool on)
    {
        var value = on ? "on" : "off";
        await using var superuser = Npgsql.NpgsqlDataSource.Create(server.SuperuserConnectionString());
        foreach (var sql in (string[])[$"alter system set default_transaction_read_only = {value}", "select pg_reload_conf()"])
        {
            await using var command = superuser.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var show = superuser.CreateCommand("show default_transaction_read_only");
                return (string?)await show.ExecuteScalarAsync() == value;
            },
            $"default_transaction_read_only is {value}.");
    }

    private async Task DeliverWhenBackAsync(TokenEndpoint endpoint, string body)
    {
        // PgBouncer tries a server that was down once a second, and refuses meanwhile. Directly, the first request succeeds.
        for (var left = TestServers.PgBouncerProgram is null ? 0 : 600; ; left--)
        {
            using var response = await app.Http.PostTextAsync(endpoint.Path, body);
            if (response.IsSuccessStatusCode)
            {
                return;
            }
            await AssertUnavailableAsync(response);
            Assert.True(left > 0, "Deliveries are still refused.");
            await Task.Delay(100);
        }
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        var problem = await response.JsonAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(problem.GetProperty("code").GetString(), (string[])["database_unavailable", "timed_out"]);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static string Delivery(int i) => Deliveries.Event("email_sent", $"lead{i}@example.org");

    public sealed class OwnServer : TestApp
    {
        private PgBouncer? _bouncer;

        public EmbeddedPostgres Server { get; private set; } = null!;

        protected override async Task<DatabaseConnections> CreateDatabaseAsync()
        {
            Server = await TestServers.StartPostgresAsync("postgres-outage-tests");
            // A run that was killed may have left it so.
            await OnlyReadAsync(Server, false);
            await using (var superuser = Npgsql.NpgsqlDataSource.Create(Server.SuperuserConnectionString()))
            await using (var drop = superuser.CreateCommand("drop database if exists outage with (force)"))
            {
                await drop.ExecuteNonQueryAsync();
            }
            var passwords = new RolePasswords("owner", "tenant", "platform");
            var database = await LocalDatabase.PrepareAsync(
                Server.SuperuserConnectionString(), "outage", passwords, TimeProvider.System, CancellationToken.None);
            if (TestServers.PgBouncerProgram is { } program)
            {
                _bouncer = await PgBouncer.StartAsync(program, Server.Port, passwords);
            }
            return _bouncer?.Through(database) ?? database;
        }

        protected override async Task DropDatabaseAsync()
        {
            if (_bouncer is not null)
            {
                await _bouncer.DisposeAsync();
            }
            await Server.DisposeAsync();
        }
    }
}
