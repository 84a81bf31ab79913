using Dapper;
using Npgsql;
using SalesBrain.Data.Migrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>Each test on a database of its own: xUnit makes the class anew for every one.</summary>
public sealed class MigratorTests : IAsyncLifetime
{
    private readonly ClonedDatabase _database = new();

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_empty_database_gets_everything_in_order_and_a_second_run_nothing()
    {
        await using var empty = await EmptyDatabase.CreateAsync(_database);

        var first = await MigrateAsync(empty.OwnerConnectionString);
        var second = await MigrateAsync(empty.OwnerConnectionString);

        Assert.Equal(SqlFiles.Migrations.Concat(SqlFiles.Current).Select(file => file.Name), first);
        Assert.Empty(second);
    }

    /// <summary>A restore of a database, or a copy of one, has the server's usual privileges again.</summary>
    [Fact]
    public async Task Every_run_takes_temporary_tables_from_the_logins()
    {
        await using var empty = await EmptyDatabase.CreateAsync(_database);
        await MigrateAsync(empty.OwnerConnectionString);
        await using var connection = new NpgsqlConnection(empty.OwnerConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync($"grant temporary on database {empty.Name} to public");

        await MigrateAsync(empty.OwnerConnectionString);

        Assert.False(await connection.QuerySingleAsync<bool>("""
            select has_database_privilege('salesbrain_tenant', current_database(), 'temporary')
                or has_database_privilege('salesbrain_platform', current_database(), 'temporary')
            """));
    }

    [Fact]
    public async Task Several_instances_at_once_apply_everything_once()
    {
        await using var empty = await EmptyDatabase.CreateAsync(_database);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(empty.OwnerConnectionString)));

        Assert.Equal(SqlFiles.Migrations.Concat(SqlFiles.Current).Select(file => file.Name), runs.SelectMany(run => run));
        Assert.Equal(3, runs.Count(run => run.Count == 0));
    }

    [Fact]
    public async Task An_applied_migration_that_was_edited_is_refused_by_name()
    {
        var edited = SqlFiles.Migrations[1].Name;
        await _database.ExecuteAsync("update app.schema_migration set checksum = 'of another text' where name = @edited", new { edited });
        var changed = await ForgetAsync("app.schema_definition", SqlFiles.Current[^1].Name);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(_database.Connections.Owner));

        Assert.Contains(edited, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await AppliedAsync("app.schema_definition", changed));
    }

    [Fact]
    public async Task A_database_ahead_of_the_build_is_refused()
    {
        await _database.ExecuteAsync(
            "insert into app.schema_migration (name, checksum) values ('migrations/9999_of_a_later_build.sql', '')");

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(_database.Connections.Owner));

        Assert.Contains("migrations/9999_of_a_later_build.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_is_named_and_leaves_nothing_behind()
    {
        // Its tables are there already, so that it fails.
        var failing = await ForgetAsync("app.schema_migration", SqlFiles.Migrations[0].Name);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(_database.Connections.Owner));

        Assert.StartsWith($"{failing} could not be applied: ", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await AppliedAsync("app.schema_migration", failing));
    }

    [Fact]
    public async Task Changed_definition_is_applied()
    {
        const string lead = "current/40_policies/crm/lead.sql";
        var before = await PoliciesAsync();
        await _database.ExecuteAsync("""
            update app.schema_definition set checksum = 'of an older text' where name = @lead;
            alter policy delete_running on app.lead using (true);
            alter policy select_scope on app.lead rename to select_of_an_older_text;
            grant delete on app.lead to public;
            """, new { lead });

        var applied = await MigrateAsync(_database.Connections.Owner);

        Assert.Equal([lead], applied);
        Assert.Equal(before, await PoliciesAsync());
    }

    [Fact]
    public async Task Migration_that_waits_for_a_table_lets_others_use_it_and_is_tried_again()
    {
        const string lead = "current/40_policies/crm/lead.sql";
        await ForgetAsync("app.schema_definition", lead);
        await using var reader = await _database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var reading = await reader.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await reader.ExecuteAsync("select from app.lead");

        var migrating = MigrateAsync(_database.Connections.Owner);
        await UntilWaitingAsync("app.lead");
        await _database.ExecuteAsync("set statement_timeout = '10s'; select from app.lead");
        Assert.False(migrating.IsCompleted);
        await reading.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal([lead], await migrating);
    }

    [Fact]
    public async Task Partitions_are_ready_for_this_month_and_the_next_three()
    {
        await using var empty = await EmptyDatabase.CreateAsync(_database);

        await Migrator.MigrateAsync(
            empty.OwnerConnectionString, new FakeTimeProvider(new DateTimeOffset(2030, 11, 30, 23, 59, 59, TimeSpan.Zero)),
            CancellationToken.None);

        await using var connection = new NpgsqlConnection(empty.OwnerConnectionString);
        Assert.Equal(
            ["webhook_log_2030_11", "webhook_log_2030_12", "webhook_log_2031_01", "webhook_log_2031_02"],
            await connection.QueryAsync<string>("""
                select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'app.webhook_log'::regclass
                order by c.relname
                """));
    }

    [Theory]
    [InlineData("alter role salesbrain_tenant superuser")]
    [InlineData("alter role salesbrain_tenant bypassrls")]
    [InlineData("alter role salesbrain_platform createrole")]
    [InlineData("revoke salesbrain_tenant from salesbrain_owner; grant salesbrain_owner to salesbrain_tenant")]
    public async Task Login_that_bypasses_row_level_security_is_refused(string mistake)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnectionString);
        await connection.OpenAsync();
        // Roles belong to the whole server: never committed.
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"{mistake}; set local role salesbrain_owner");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(SqlFiles.Roles.Text));

        Assert.Contains(
            mistake.Contains("platform", StringComparison.Ordinal) ? "salesbrain_platform" : "salesbrain_tenant", refusal.MessageText,
            StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<string>> MigrateAsync(string connectionString) =>
        Migrator.MigrateAsync(connectionString, TimeProvider.System, TestContext.Current.CancellationToken);

    private Task UntilWaitingAsync(string table) => Eventually.HoldsAsync(
        async () => (await _database.QueryAsync<bool>("select exists (select from pg_locks where relation = @table::regclass and not granted)", new { table })).Single(),
        $"A session waits for {table}.");

    private async Task<string> ForgetAsync(string ledger, string name)
    {
        await _database.ExecuteAsync($"delete from {ledger} where name = @name", new { name });
        return name;
    }

    private Task<List<string>> AppliedAsync(string ledger, string name) =>
        _database.QueryAsync<string>($"select name from {ledger} where name = @name", new { name });

    private Task<List<string>> PoliciesAsync() => _database.QueryAsync<string>("""
        select p::text from pg_policies p where p.schemaname = 'app'
        union all
        select c.relname || c.relacl::text from pg_class c where c.relnamespace = 'app'::regnamespace and c.relacl is not null
        order by 1
        """);
}
