using System.Diagnostics;
using Npgsql;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.Tests.Database;

/// <summary><c>migrate --connection …</c> as a deployment pipeline runs it: a process with an exit code.</summary>
public sealed class MigrateCommandTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    [Fact]
    public async Task A_database_is_brought_up_to_date_and_each_file_named()
    {
        await using var empty = await EmptyDatabase.CreateAsync(database);

        var (exitCode, output, errors) = await RunAsync("migrate", "--connection", empty.OwnerConnectionString);
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Contains("migrations/0001_organizations_agencies_clients_users.sql", output, StringComparison.Ordinal);
        Assert.Contains("current/40_policies/crm/lead.sql", output, StringComparison.Ordinal);

        (exitCode, output, errors) = await RunAsync("migrate", "--connection", empty.OwnerConnectionString);
        Assert.Equal("", errors);
        Assert.Equal("The database is up to date.", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task An_edited_migration_ends_it_in_one_line()
    {
        await database.ExecuteAsync("update app.schema_migration set checksum = 'of another text' where name like '%/0002_%'");

        var (exitCode, output, errors) = await RunAsync("migrate", "--connection", database.Connections.Owner);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Equal(
            "Migration migrations/0002_campaigns_contacts_leads.sql was edited after it was applied. Restore it and write a new migration.",
            errors);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_used_ends_it_in_one_line_without_its_password()
    {
        var wrong = new NpgsqlConnectionStringBuilder(database.Connections.Owner) { Password = "wrong-password" };
        foreach (var connection in new[] { wrong.ConnectionString, "Host=127.0.0.1;Port=1;Password=wrong-password", "Hots=127.0.0.1;Password=wrong-password" })
        {
            var (exitCode, output, errors) = await RunAsync("migrate", "--connection", connection);

            Assert.Equal(1, exitCode);
            Assert.Equal("", output);
            Assert.Contains("--connection", errors, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', errors);
            Assert.DoesNotContain("wrong-password", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mistyped_option_shows_the_usage()
    {
        var (exitCode, _, errors) = await RunAsync("migrate", "--conection", database.Connections.Owner);

        Assert.Equal(2, exitCode);
        Assert.Contains("migrate --connection", errors, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LocalDatabase).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).Trim(), (await errors).Trim());
    }
}
