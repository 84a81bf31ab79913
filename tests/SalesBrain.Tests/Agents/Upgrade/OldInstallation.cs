using Dapper;
using Npgsql;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Commands;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Database;

namespace SalesBrain.Tests.Agents.Upgrade;

/// <summary>A filled database of an agent-level installation, beside a database with the organizations Acme and Globex.</summary>
public class OldInstallation : ClonedDatabase
{
    private DatabaseConnections _old = null!;

    /// <summary>The connection string of the old database.</summary>
    public string From => _old.Owner;

    public string OldName => new NpgsqlConnectionStringBuilder(From).Database!;

    public Guid Acme { get; } = Guid.CreateVersion7();

    public Guid Globex { get; } = Guid.CreateVersion7();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 20, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The mapping of the fixture.</summary>
    public static string MappingFile { get; } = Fixture("agents.csv");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("""
            insert into app.organization (id, name, slug) values (@Acme, 'Acme Ltd', 'acme'), (@Globex, 'Globex', 'globex');
            insert into app.tenant (organization_id, tenant_key, genesys_org_id, genesys_region) values
                (@Acme, 'acme', '33333333-3333-4333-8333-333333333333', 'eu-central-1'), (@Globex, 'globex', 'globex-at-genesys', null)
            """, new { Acme, Globex });
        _old = await TestCluster.Current.CreateEmptyAsync();
        await RefillAsync();
    }

    /// <summary>Makes the old database what it was at first.</summary>
    public async Task RefillAsync() =>
        await OldAsync(
            "drop schema public cascade; create schema public;"
                + await File.ReadAllTextAsync(Fixture("old-database.sql"), TestContext.Current.CancellationToken));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await TestCluster.Current.DropAsync(_old);
        await base.DisposeAsync();
    }

    /// <summary>Changes the old database.</summary>
    public async Task OldAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(From + ";Pooling=false");
        await connection.ExecuteAsync(sql);
    }

    /// <summary>A value of the old database.</summary>
    public async Task<T?> OldAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(From + ";Pooling=false");
        return await connection.QuerySingleAsync<T>(sql);
    }

    /// <summary>The schemas of copies in the old database.</summary>
    public Task<int> CountBackupsAsync() =>
        OldAsync<int>("select count(*)::int from pg_namespace where nspname like 'agents\\_backup\\_%'");

    /// <summary>Imports in this process.</summary>
    internal async Task<AgentImportReport> ImportAsync(bool dryRun = false, string? mapping = null)
    {
        var path = mapping is null ? MappingFile : Path.GetTempFileName();
        try
        {
            if (mapping is not null)
            {
                await File.WriteAllTextAsync(path, mapping);
            }
            var (mappings, errors) = await AgentMappingFile.ReadAsync(path, CancellationToken.None);
            Assert.Empty(errors);
            return await ImportAsync(mappings, dryRun);
        }
        finally
        {
            if (mapping is not null)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Imports in this process.</summary>
    internal async Task<AgentImportReport> ImportAsync(IReadOnlyList<AgentMapping> mappings, bool dryRun = false)
    {
        await using var database = new SalesBrainDatabase(
            new() { PlatformConnectionString = Connections.Platform, TenantConnectionString = Connections.Tenant });
        return await new AgentImport(database, Time).RunAsync(From, mappings, dryRun, CancellationToken.None);
    }

    /// <summary>Everything that an import writes, as text.</summary>
    public async Task<string> WrittenAsync() => string.Join('\n', await QueryAsync<string>("""
        select row_to_json(r)::text from app.user r
        union all select row_to_json(r)::text from app.genesys_user r
        union all select row_to_json(r)::text from app.contact r
        union all select row_to_json(r)::text from app.contact_external_id r
        union all select row_to_json(r)::text from app.conversation r
        union all select row_to_json(r)::text from app.conversation_assignment r
        union all select row_to_json(r)::text from app.audit_log r
        order by 1
        """));

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "agent-level", name);
}
