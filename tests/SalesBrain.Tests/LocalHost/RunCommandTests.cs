using System.Net;
using System.Net.Sockets;
using Npgsql;
using SalesBrain.LocalHost.Commands;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.LocalHost;

public sealed class RunCommandTests
{
    [Fact]
    public async Task Given_database_is_migrated_filled_when_asked_served_and_left_alone_on_SIGTERM()
    {
        await WithDatabaseAsync(async database =>
        {
            await ExecuteAsync(database, "delete from app.schema_definition where name like '%organization.sql'");
            using var host = LocalHostProcess.Start(["--urls", "http://127.0.0.1:0", "--demo"], Given(database));
            var greeting = await host.ReadToAsync("curl -sS http");

            using var http = new HttpClient();
            var answer = await http.PostAsync(
                Between(greeting, "Sign in:\ncurl -sS '", "'"),
                new StringContent(
                    Between(greeting[greeting.IndexOf("Sign in:", StringComparison.Ordinal)..], "-d '", "'"),
                    mediaType: new("application/json")));

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("owner@acme.example", (await answer.JsonAsync()).GetProperty("user").GetProperty("email").GetString());
            Assert.Equal(
                HttpStatusCode.OK, (await http.GetAsync(Between(greeting, "as the person it was sent to:\ncurl -sS ", "\n"))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(Between(greeting, "  Health              ", "\n"))).StatusCode);
            Assert.Equal(0, await host.TerminateAsync());
        });
    }

    [Fact]
    public async Task Given_database_at_another_level_and_no_owner_to_migrate_it_ends_in_one_line()
    {
        await WithDatabaseAsync(async database =>
        {
            await ExecuteAsync(database, "delete from app.schema_definition where name like '%organization.sql'");
            var environment = new Dictionary<string, string>(Given(database));
            environment.Remove("ConnectionStrings__SalesBrainOwner");

            await AssertEndsInOneLineAsync(["--urls", "http://127.0.0.1:0"], environment, "ConnectionStrings__SalesBrainOwner");
        });
    }

    [Fact]
    public async Task Unreachable_database_ends_in_one_line_without_its_password()
    {
        var nowhere = "Host=127.0.0.1;Port=9;Username=somebody;Password=hunter2";
        var environment = Given(new DatabaseConnections(nowhere, nowhere, nowhere));

        var error = await AssertEndsInOneLineAsync(["--urls", "http://127.0.0.1:0"], environment, "ConnectionStrings__SalesBrainOwner");

        Assert.DoesNotContain("hunter2", error);
    }

    [Fact]
    public async Task Half_a_database_ends_in_one_line_that_names_the_other_half() =>
        await AssertEndsInOneLineAsync(
            ["--urls", "http://127.0.0.1:0"],
            new Dictionary<string, string> { ["ConnectionStrings__SalesBrainTenant"] = "Host=127.0.0.1;Username=salesbrain_tenant" },
            "ConnectionStrings__SalesBrainPlatform");

    [Fact]
    public async Task Outside_Development_no_defaults_are_generated()
    {
        var production = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" };

        await AssertEndsInOneLineAsync(["--urls", "http://127.0.0.1:0"], production, "ConnectionStrings__SalesBrainTenant");
        await AssertEndsInOneLineAsync(["--urls", "http://127.0.0.1:0", "--demo"], production, "only in Development");
    }

    [Fact]
    public async Task Outside_Development_the_signing_key_must_be_given()
    {
        await WithDatabaseAsync(async database =>
        {
            var environment = new Dictionary<string, string>(Given(database)) { ["ASPNETCORE_ENVIRONMENT"] = "Production" };

            var (code, _, errors) = await LocalHostProcess.RunAsync(["--urls", "http://127.0.0.1:0"], environment);

            Assert.Equal(1, code);
            Assert.Contains("Jwt__Keys__0__Secret must be set", errors);
            Assert.DoesNotContain("   at ", errors);
        });
    }

    [Fact]
    public async Task Taken_port_ends_in_one_line()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        await AssertEndsInOneLineAsync(["--urls", $"http://localhost:{port}"], new Dictionary<string, string>(), $"Port {port} is in use");
    }

    [Fact]
    public async Task Unknown_command_is_told_the_commands()
    {
        var (code, _, errors) = await LocalHostProcess.RunAsync(["serve"], new Dictionary<string, string>());

        Assert.Equal(2, code);
        Assert.StartsWith("Usage: ", errors);
    }

    [Fact]
    public async Task Option_that_there_is_none_of_is_told_the_options()
    {
        Assert.Equal(2, await RunCommand.ExecuteAsync(["--url", "http://localhost:7071"], CancellationToken.None));
        Assert.Equal(2, await RunCommand.ExecuteAsync(["--demo", "--urls"], CancellationToken.None));
        Assert.Equal(2, await MigrateCommand.ExecuteAsync(["--connection"], CancellationToken.None));
        Assert.Equal(2, await CreateAdminCommand.ExecuteAsync(["--mail", "a@b.example"], CancellationToken.None));
    }

    private static string Between(string text, string before, string after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
    }

    private static async Task<string> AssertEndsInOneLineAsync(
        string[] arguments, IReadOnlyDictionary<string, string> environment, string expected)
    {
        var (code, _, errors) = await LocalHostProcess.RunAsync(arguments, environment);

        Assert.Equal(1, code);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line);
        return line;
    }

    private static Dictionary<string, string> Given(DatabaseConnections database) => new()
    {
        ["ConnectionStrings__SalesBrainOwner"] = database.Owner,
        ["ConnectionStrings__SalesBrainTenant"] = database.Tenant,
        ["ConnectionStrings__SalesBrainPlatform"] = database.Platform,
    };

    private static async Task WithDatabaseAsync(Func<DatabaseConnections, Task> test)
    {
        var database = await TestCluster.Current.CloneAsync();
        try
        {
            await test(database);
        }
        finally
        {
            await TestCluster.Current.DropAsync(database);
        }
    }

    private static async Task ExecuteAsync(DatabaseConnections database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
