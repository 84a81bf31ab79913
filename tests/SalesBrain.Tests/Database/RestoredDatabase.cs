using Npgsql;
using SalesBrain.Data.Migrations;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>
/// A database with rows in every table, dumped by its owner and restored on a new server that has nothing, by the steps of
/// docs/operations.md. Shared by the tests of <see cref="Collection"/>.
/// </summary>
public sealed class RestoredDatabase : IsolationDatabase
{
    public const string Collection = "restored database";

    private const string DatabaseName = "salesbrain_restored";
    private static readonly RolePasswords Passwords = new("owner", "tenant", "platform");
    private EmbeddedPostgres _server = null!;

    /// <summary>Rows of each table before the dump.</summary>
    public IReadOnlyDictionary<string, long> RowsBefore { get; private set; } = null!;

    /// <summary>Files that migrating the restored database applied.</summary>
    public IReadOnlyList<string> Applied { get; private set; } = null!;

    /// <inheritdoc/>
    public override string SuperuserConnectionString => _server.SuperuserConnectionString(DatabaseName) + ";Pooling=false";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        RowsBefore = await CountRowsAsync();
        var file = Path.GetTempFileName();
        try
        {
            await PostgresTools.RunAsync("pg_dump", Connections.Owner, "--format=custom", "--enable-row-security", $"--file={file}");
            await base.DisposeAsync();
            await RestoreAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>The number of rows of every table.</summary>
    public async Task<Dictionary<string, long>> CountRowsAsync()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await QueryAsync<string>("select oid::regclass::text from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p')"))
        {
            counts.Add(table, (await QueryAsync<long>($"select count(*) from {table}")).Single());
        }
        return counts;
    }

    private async Task RestoreAsync(string file)
    {
        _server = await TestServers.StartPostgresAsync("postgres-restore-tests");
        var superuser = _server.SuperuserConnectionString();
        var sql = Path.Combine(RepositoryFolder.Find(), "sql");
        // Roles belong to the server and are in no dump. A run before this one may have left everything.
        await PostgresTools.RunAsync("psql", superuser, "--set=ON_ERROR_STOP=1", "--quiet", $"--command=drop database if exists {DatabaseName}",
            "--command=drop role if exists salesbrain_tenant", "--command=drop role if exists salesbrain_platform",
            "--command=drop role if exists salesbrain_owner");
        await PostgresTools.RunAsync("psql", superuser, "--set=ON_ERROR_STOP=1", "--quiet",
            $"--command=create role salesbrain_owner login createrole password '{Passwords.Owner}'",
            $"--command=create database {DatabaseName} owner salesbrain_owner");
        Connections = LocalDatabase.ConnectionsTo(superuser, DatabaseName, Passwords);
        await PostgresTools.RunAsync(
            "psql", Connections.Owner, "--set=ON_ERROR_STOP=1", "--quiet", $"--file={Path.Combine(sql, "roles.sql")}");
        await PostgresTools.RunAsync("pg_restore", SuperuserConnectionString, "--exit-on-error", file);
        Owner = NpgsqlDataSource.Create(Connections.Owner);
        // The isolation tests have a row of their own in every table, also in this one, where it looks like a migration of a later build.
        var names = SqlFiles.Migrations.Select(migration => migration.Name).ToArray();
        var invented = await QueryAsync<string>(
            "delete from app.schema_migration where name <> all (@names) returning name", new { names });
        Applied = await Migrator.MigrateAsync(Connections.Owner, TimeProvider.System, CancellationToken.None);
        await ExecuteAsync(
            "insert into app.schema_migration (name, checksum) select name, '' from unnest(@invented) name", new { invented });
        await PostgresTools.RunAsync("psql", superuser, "--set=ON_ERROR_STOP=1", "--quiet",
            $"--command=alter role salesbrain_tenant password '{Passwords.Tenant}'",
            $"--command=alter role salesbrain_platform password '{Passwords.Platform}'");
    }
}

[CollectionDefinition(RestoredDatabase.Collection)]
public sealed class RestoredDatabaseCollection : ICollectionFixture<RestoredDatabase>;
