using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.LocalHost;

/// <summary>One data folder for all facts, each of which leaves it startable: initialising takes a second each time.</summary>
public sealed class EmbeddedPostgresTests(EmbeddedPostgresTests.Folder folder) : IClassFixture<EmbeddedPostgresTests.Folder>
{
    private const string FolderOfTheKilled = "SALESBRAIN_TEST_POSTGRES_FOLDER";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_and_port_survive_a_restart()
    {
        await using var first = await folder.StartAsync();
        await ExecuteAsync(first, "create table kept (note text); insert into kept values ('still here')");
        await first.StopAsync();
        await first.StopAsync();
        Assert.False(await AnswersAsync(first));

        await using var second = await folder.StartAsync();

        Assert.Equal(first.Port, second.Port);
        Assert.Equal("still here", await ScalarAsync(second, "select note from kept"));
    }

    [Fact]
    public async Task Cluster_sorts_and_stores_alike_on_every_machine()
    {
        await using var server = await folder.StartAsync();

        Assert.Equal("UTF8 b C.UTF-8 UTC scram-sha-256", await ScalarAsync(server, """
            select concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datlocale, current_setting('timezone'), current_setting('password_encryption'))
            from pg_database where datname = current_database()
            """));
        Assert.Equal("127.0.0.1", await ScalarAsync(server, "show listen_addresses"));
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        await using var server = await folder.StartAsync();
        var stranger = new NpgsqlConnectionStringBuilder(server.SuperuserConnectionString()) { Password = "postgres", Pooling = false };

        await using var connection = new NpgsqlConnection(stranger.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Settings_reach_the_server()
    {
        await using var server = await folder.StartAsync(
            new Dictionary<string, string> { ["shared_preload_libraries"] = "pg_stat_statements" });

        await ExecuteAsync(server, "create extension if not exists pg_stat_statements");

        Assert.Equal("pg_stat_statements", await ScalarAsync(server, "show shared_preload_libraries"));
    }

    [Fact]
    public async Task Second_host_shares_the_server_and_the_last_one_stops_it()
    {
        await using var first = await folder.StartAsync();
        var process = await ScalarAsync(first, "select pg_postmaster_start_time()::text");
        await using var second = await folder.StartAsync();
        Assert.Equal(first.Port, second.Port);

        await first.StopAsync();

        Assert.Equal(process, await ScalarAsync(second, "select pg_postmaster_start_time()::text"));
        await second.StopAsync();
        Assert.False(await AnswersAsync(second));
    }

    [Fact]
    public async Task Hosts_that_start_at_once_share_one_server()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => folder.StartAsync()));

        Assert.Single(servers.Select(server => server.Port).Distinct());
        await Task.WhenAll(servers.Select(server => server.StopAsync()));
        Assert.False(await AnswersAsync(servers[0]));
    }

    [Fact]
    public async Task Killed_server_comes_back_on_its_port_with_what_was_committed()
    {
        await using var server = await folder.StartAsync();
        await ExecuteAsync(server, "create table paid (amount int); insert into paid select generate_series(1, 1000)");

        await server.KillAsync();
        Assert.False(await AnswersAsync(server));
        var port = server.Port;
        await server.RestartAsync(Ct);

        Assert.Equal(port, server.Port);
        Assert.Equal(1000L, await ScalarAsync(server, "select count(*) from paid"));
    }

    [Fact]
    public async Task Note_of_a_crashed_server_is_cleared_away_though_another_program_has_its_number()
    {
        await using var crashed = await folder.StartAsync();
        await crashed.StopAsync();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Data, "postmaster.pid"),
            $"{Environment.ProcessId}\n{folder.Data}\n1700000000\n{crashed.Port}\n\n127.0.0.1\n  1234567  8901\nready   \n", Ct);

        await using var server = await folder.StartAsync();

        Assert.Equal(1, await ScalarAsync(server, "select 1"));
    }

    [Fact]
    public async Task Taken_port_is_given_up_for_a_free_one()
    {
        await using var earlier = await folder.StartAsync();
        await earlier.StopAsync();
        using var squatter = new TcpListener(IPAddress.Loopback, earlier.Port);
        squatter.Start();

        await using var server = await folder.StartAsync();

        Assert.NotEqual(earlier.Port, server.Port);
        Assert.Equal(1, await ScalarAsync(server, "select 1"));
    }

    [Fact]
    public async Task Lost_password_is_replaced_and_the_data_kept()
    {
        await using var earlier = await folder.StartAsync();
        await ExecuteAsync(earlier, "create table precious (id int)");
        await earlier.StopAsync();
        File.Delete(Path.Combine(folder.Path, "password"));

        await using var server = await folder.StartAsync();

        Assert.Equal(0L, await ScalarAsync(server, "select count(*) from precious"));
    }

    [Fact]
    public async Task Unknown_setting_ends_in_one_line_with_the_servers_reason()
    {
        var error = await Assert.ThrowsAsync<StartupException>(
            () => folder.StartAsync(new Dictionary<string, string> { ["no_such_setting"] = "1" }));

        Assert.Contains("unrecognized configuration parameter \"no_such_setting\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("server.log", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Half_finished_initialisation_is_done_again()
    {
        using var other = new Folder();
        // Where the data lies is known once a server has started.
        await using (await other.StartAsync())
        {
        }
        Directory.Delete(other.Data, recursive: true);
        Directory.CreateDirectory(Path.Combine(other.Data, "base"));
        Directory.CreateDirectory(Path.Combine(other.DataRoot, "initialising-1", "data"));

        await using var server = await other.StartAsync();

        Assert.Equal(1, await ScalarAsync(server, "select 1"));
        Assert.Empty(Directory.GetDirectories(other.DataRoot, "initialising-*"));
    }

    [Fact]
    public async Task Folder_closed_to_the_servers_account_serves_too()
    {
        using var other = new Folder(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using (var server = await other.StartAsync())
        {
            await ExecuteAsync(server, "create table kept (note text)");
        }

        await using (var server = await other.StartAsync())
        {
            Assert.Equal(0L, await ScalarAsync(server, "select count(*) from kept"));
        }
    }

    [Fact]
    public async Task Folder_deleted_under_a_running_server_does_not_hinder_its_stop()
    {
        using var other = new Folder();
        await using var server = await other.StartAsync();

        other.Dispose();
        await server.StopAsync();

        Assert.False(await AnswersAsync(server));
    }

    [Fact]
    public async Task Killed_host_takes_its_server_along()
    {
        using var host = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(EmbeddedPostgresTests).Assembly.Location,
                "-explicit", "only", "-method", $"{typeof(EmbeddedPostgresTests).FullName}.{nameof(Host_that_waits_to_be_killed)}",
            },
            Environment = { [FolderOfTheKilled] = folder.Path },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        string? line;
        do
        {
            line = await host.StandardOutput.ReadLineAsync(Ct);
            Assert.NotNull(line);
        }
        while (!line.Contains("server is up on ", StringComparison.Ordinal));
        var port = int.Parse(line.Split(' ')[^1]);
        Assert.True(await ListensAsync(port));

        host.Kill();

        await Eventually.HoldsAsync(async () => !await ListensAsync(port), "The server ends with its host.");
    }

    /// <summary>Not a test but the process that <see cref="Killed_host_takes_its_server_along"/> kills.</summary>
    [Fact(Explicit = true)]
    public async Task Host_that_waits_to_be_killed()
    {
        var path = Environment.GetEnvironmentVariable(FolderOfTheKilled);
        Assert.NotNull(path);
        await using var server = await Folder.StartAsync(path);
        Console.WriteLine($"server is up on {server.Port}");
        await Task.Delay(TimeSpan.FromMinutes(1), Ct);
    }

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql) => await ScalarAsync(server, sql);

    private static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.SuperuserConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task<bool> AnswersAsync(EmbeddedPostgres server)
    {
        try
        {
            await ScalarAsync(server, "select 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A data folder inside the repository, because a private temporary folder may be closed to the server's account.</summary>
    public sealed class Folder : IDisposable
    {
        public Folder()
            : this(UnixFileMode.None)
        {
        }

        internal Folder(UnixFileMode mode)
        {
            if (mode != UnixFileMode.None && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Parent);
                File.SetUnixFileMode(Parent, mode);
            }
        }

        public string Path => System.IO.Path.Combine(Parent, "postgres");

        /// <summary>The same folder, or its stand-in, if the server's account cannot enter the checkout.</summary>
        public string DataRoot => File.Exists(Moved) ? File.ReadAllText(Moved) : Path;

        public string Data => System.IO.Path.Combine(DataRoot, "data");

        private string Moved => System.IO.Path.Combine(Path, "data-is-in");

        private string Parent { get; } =
            System.IO.Path.Combine(RepositoryFolder.Find(), ".local", "embedded-postgres-tests", $"{Guid.NewGuid():n}");

        public static Task<EmbeddedPostgres> StartAsync(string path, IReadOnlyDictionary<string, string>? settings = null) =>
            EmbeddedPostgres.StartAsync(
                new()
                {
                    DevFolder = System.IO.Path.Combine(RepositoryFolder.Find(), "dev"),
                    DataFolder = path,
                    Durable = false,
                    Settings = settings ?? new Dictionary<string, string>(),
                },
                say: null, Ct);

        public Task<EmbeddedPostgres> StartAsync(IReadOnlyDictionary<string, string>? settings = null) => StartAsync(Path, settings);

        public void Dispose()
        {
            foreach (var folder in new[] { DataRoot, Parent }.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
