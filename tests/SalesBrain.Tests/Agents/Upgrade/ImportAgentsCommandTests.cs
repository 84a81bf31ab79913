using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Database;
using SalesBrain.Tests.LocalHost;

namespace SalesBrain.Tests.Agents.Upgrade;

/// <summary><c>import-agents</c> and <c>drop-old-agent-tables</c> as an operator runs them: processes with an exit code.</summary>
public sealed class ImportAgentsCommandTests : IAsyncLifetime
{
    private readonly OldInstallation _old = new();

    public ValueTask InitializeAsync() => _old.InitializeAsync();

    public ValueTask DisposeAsync() => _old.DisposeAsync();

    [Fact]
    public async Task Tables_are_dropped_after_the_import_and_an_explicit_confirmation()
    {
        string[] drop = ["drop-old-agent-tables", "--from", _old.From, "--mapping", OldInstallation.MappingFile];

        var (code, output, errors) = await RunAsync([.. drop, "--confirm", _old.OldName]);
        Assert.Equal((1, ""), (code, output));
        Assert.Equal(
            "Not everything has been imported: 4 agents and 7 assignments are missing, and there are 0 errors. Run import-agents with the "
            + "same mapping first. Nothing was dropped.",
            errors.Trim());

        (code, output, errors) = await RunAsync("import-agents", "--mapping", OldInstallation.MappingFile, "--from", _old.From);
        Assert.Equal((0, ""), (code, errors));
        Assert.EndsWith("Imported. The old tables are unchanged.", output.Trim(), StringComparison.Ordinal);

        (code, output, errors) = await RunAsync([.. drop, "--confirm", "another"]);
        Assert.Equal(1, code);
        Assert.EndsWith($"To do so, add --confirm {_old.OldName}. Nothing was dropped.", errors.Trim(), StringComparison.Ordinal);
        Assert.Equal(5, await _old.OldAsync<int>("select count(*) from agents"));

        (code, output, errors) = await RunAsync([.. drop, "--confirm", _old.OldName]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("An import has nothing more to do. Copies: agents_backup_", output, StringComparison.Ordinal);
        Assert.Equal(
            "tenants", await _old.OldAsync<string>("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'"));
        Assert.Equal(1, await _old.CountBackupsAsync());

        (code, _, errors) = await RunAsync([.. drop, "--confirm", _old.OldName]);
        Assert.Equal(1, code);
        Assert.StartsWith($"--from: The database {_old.OldName} has no table agents.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_name_their_cause_and_never_the_secrets_of_a_connection_string()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, "old_agent_id,genesys_user_id,tenant_id,name\n1,2\n3,4,acme,\"Ann\nArcher\"\n\"5,6,acme\n",
                TestContext.Current.CancellationToken);
            var wrong = new NpgsqlConnectionStringBuilder(_old.From) { Password = "hunter2" }.ConnectionString;
            foreach (var (arguments, expected) in new (string[], string)[]
            {
                (["--from", "Host=127.0.0.1;Port=9;Username=me;Password=hunter2"], "--from: the database cannot be reached. Check host, port and user."),
                (["--from", wrong], "--from: the database returned an error (password authentication failed"),
                (["--from", "postgres://me:hunter2@127.0.0.1/old"], "--from is not a PostgreSQL connection string."),
                (["--from", _old.From, "--mapping", "/no/such/file.csv"], "--mapping: /no/such/file.csv cannot be read."),
                (["--from", _old.From, "--mapping", file], $"{file}: Line 2: the line must have 4 columns, as the heading.\n{file}: Line 5: the line has a quote that is not closed."),
                (["--from", _old.From], "Agent a0000000-0000-4000-8000-000000000001: no line of the mapping names the agent, and the table agents has no genesys_user_id for them.\nAgent"),
                (["--dry-run"], "Usage: "),
            })
            {
                var (code, output, errors) = await RunAsync(["import-agents", .. arguments]);

                Assert.Equal(expected == "Usage: " ? 2 : 1, code);
                Assert.StartsWith(expected, errors, StringComparison.Ordinal);
                Assert.DoesNotContain("hunter2", output + errors, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Equal(0, await _old.CountBackupsAsync());
    }

    /// <summary>By the steps of docs/agent-portal.md: a dump before the import is restored after it.</summary>
    [Fact]
    public async Task Import_is_rolled_back_by_restoring_the_backup()
    {
        var file = Path.GetTempFileName();
        try
        {
            await PostgresTools.RunAsync("pg_dump", _old.Connections.Owner, "--format=custom", "--enable-row-security", $"--file={file}");
            var before = await _old.WrittenAsync();
            await _old.ImportAsync();
            Assert.NotEqual(before, await _old.WrittenAsync());

            await using var empty = await EmptyDatabase.CreateAsync(_old);
            await PostgresTools.RunAsync(
                "pg_restore", new NpgsqlConnectionStringBuilder(_old.SuperuserConnectionString) { Database = empty.Name }.ConnectionString,
                "--exit-on-error", file);

            await using var restored = NpgsqlDataSource.Create(empty.OwnerConnectionString);
            await using var command = restored.CreateCommand(
                "select (select count(*) from app.user) + (select count(*) from app.conversation), (select count(*) "
                + "from app.organization)");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal((0, 2), (reader.GetInt64(0), reader.GetInt64(1)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        LocalHostProcess.RunAsync(
            arguments,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__SalesBrainPlatform"] = _old.Connections.Platform,
            });
}
