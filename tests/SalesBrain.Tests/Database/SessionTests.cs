using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The context of a session ends with its transaction, and a session never sees another's, however they share connections.
/// </summary>
public sealed class SessionTests : IClassFixture<ClonedDatabase>, IAsyncLifetime
{
    private const string Context = """
        select concat_ws(' ', app.current_org_id(), app.current_user_id(), app.user_role(), app.current_agency_id(), app.current_client_id())
        """;

    private readonly ClonedDatabase _server;
    private readonly SalesBrainDatabase _database;

    public SessionTests(ClonedDatabase server)
    {
        _server = server;
        // So few connections that every test goes through used ones.
        _database = new SalesBrainDatabase(new DatabaseOptions
        {
            TenantConnectionString = new NpgsqlConnectionStringBuilder(server.Connections.Tenant) { MaxPoolSize = 2 }.ConnectionString,
            PlatformConnectionString = new NpgsqlConnectionStringBuilder(server.Connections.Platform) { MaxPoolSize = 2 }.ConnectionString,
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Session_uses_its_context()
    {
        var agency = new TenantContext(Guid.NewGuid(), Guid.NewGuid(), "agency_staff", AgencyId: Guid.NewGuid());
        var client = new TenantContext(Guid.NewGuid(), Guid.NewGuid(), "client_user", ClientId: Guid.NewGuid());
        await using var writing = await _database.WriteTenantAsync(client, Cancellation);

        Assert.Equal(
            $"{agency.OrganizationId} {agency.UserId} agency_staff {agency.AgencyId}", await ContextAsync(_database.ReadTenant(agency)));
        Assert.Equal($"{client.OrganizationId} {client.UserId} client_user {client.ClientId}", await ContextAsync(writing));
        Assert.Equal($"{client.OrganizationId} {client.UserId} client_user {client.ClientId}", await ContextAsync(writing));
        Assert.Equal("", await ContextAsync(_database.ReadPlatform()));
    }

    [Fact]
    public async Task Arguments_of_a_statement_cannot_replace_its_context()
    {
        var (own, other) = (await CreateOwnerAsync(), await CreateOwnerAsync());

        var seen = await _database.ReadTenant(own).QuerySingleAsync<Guid>(
            "select id from app.organization", new { _org = other.OrganizationId.ToString(), _role = "sb_admin" }, Cancellation);

        Assert.Equal(own.OrganizationId, seen);
    }

    [Fact]
    public async Task After_a_session_its_connection_has_no_context_and_reaches_no_rows()
    {
        var owner = await CreateOwnerAsync();
        var connections = new NpgsqlConnectionStringBuilder(_server.Connections.Tenant) { MaxPoolSize = 1 }.ConnectionString;
        await using var database = new SalesBrainDatabase(
            new DatabaseOptions { TenantConnectionString = connections, PlatformConnectionString = connections });
        const string Backend = "select pg_backend_pid() from app.organization";
        int used;
        await using (var session = await database.WriteTenantAsync(owner, Cancellation))
        {
            used = await session.QuerySingleAsync<int>(Backend, null, Cancellation);
            await session.CommitAsync();
        }
        Assert.Equal(used, await database.ReadTenant(owner).QuerySingleAsync<int>(Backend, null, Cancellation));

        await using var connection = await TenantSource(database).OpenConnectionAsync(Cancellation);

        Assert.Equal(used, await connection.QuerySingleAsync<int>("select pg_backend_pid()"));
        Assert.Equal("", await connection.QuerySingleAsync<string>(Context));
        // Not null any more: a setting that was there once reads as an empty text.
        Assert.Equal("", await connection.QuerySingleAsync<string>("select current_setting('app.current_org_id')"));
        Assert.Equal("off", await connection.QuerySingleAsync<string>("select current_setting('transaction_read_only')"));
        Assert.Equal(0, await connection.QuerySingleAsync<int>("select count(*)::int from app.organization"));
    }

    [Fact]
    public async Task A_session_reads_text_and_bytes_as_well_as_values_and_records()
    {
        var session = _database.ReadPlatform();

        Assert.Equal(["one", null], await session.QueryAsync<string?>("select * from (values ('one'), (null)) t", null, Cancellation));
        Assert.Equal([1, 2], await session.QuerySingleAsync<byte[]>(@"select '\x0102'::bytea", null, Cancellation));
        Assert.Equal([1, null], await session.QueryAsync<int?>("select * from (values (1), (null)) t", null, Cancellation));
        Assert.Equal(
            3, (await session.QuerySingleAsync<DatabaseSetting>("select 3 as command_timeout", null, Cancellation)).CommandTimeout);
    }

    [Fact]
    public async Task Uncommitted_changes_are_rolled_back()
    {
        var owner = await CreateOwnerAsync();
        await using (var session = await _database.WriteTenantAsync(owner, Cancellation))
        {
            Assert.Equal(1, await CreateAgencyAsync(session, owner));
        }
        Assert.Equal(0, await CountAgenciesAsync(owner));

        await using (var session = await _database.WriteTenantAsync(owner, Cancellation))
        {
            await CreateAgencyAsync(session, owner);
            await session.CommitAsync();
        }
        Assert.Equal(1, await CountAgenciesAsync(owner));
    }

    [Theory]
    [InlineData("insert into app.agency (organization_id, name) values (@OrganizationId, 'Agency')")]
    [InlineData("with written as (insert into app.agency (organization_id, name) values (@OrganizationId, 'Agency') returning id) select id from written")]
    [InlineData("update app.organization set name = 'New' where id = @OrganizationId")]
    [InlineData("delete from app.agency where organization_id = @OrganizationId")]
    [InlineData("select 1; insert into app.agency (organization_id, name) values (@OrganizationId, 'Agency')")]
    public async Task Reading_sessions_refuse_to_write(string statement)
    {
        var owner = await CreateOwnerAsync();
        foreach (DatabaseSession session in new DatabaseSession[] { _database.ReadTenant(owner), _database.ReadPlatform() })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync(statement, owner, Cancellation));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);
        }
        Assert.Equal(0, await CountAgenciesAsync(owner));
    }

    [Fact]
    public async Task A_reading_session_cannot_be_talked_into_writing()
    {
        var owner = await CreateOwnerAsync();
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => _database.ReadTenant(owner).ExecuteAsync("""
            select set_config('transaction_read_only', 'off', true);
            insert into app.agency (organization_id, name) values (@OrganizationId, 'Agency')
            """, owner, Cancellation));
        Assert.Contains(refusal.SqlState, new[] { PostgresErrorCodes.ActiveSqlTransaction, PostgresErrorCodes.ReadOnlySqlTransaction });
        Assert.Equal(0, await CountAgenciesAsync(owner));
        Assert.Throws<InvalidOperationException>(() => { _ = _database.ReadTenant(owner).CommitAsync(); });
    }

    [Fact]
    public async Task Tenants_that_share_connections_never_meet()
    {
        var owners = new[] { await CreateOwnerAsync(), await CreateOwnerAsync(), await CreateOwnerAsync() };

        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => WorkAsync(owners[worker % owners.Length], worker)));

        foreach (var owner in owners)
        {
            Assert.Equal(4 * 10, await CountAgenciesAsync(owner));
        }

        async Task WorkAsync(TenantContext owner, int worker)
        {
            for (var turn = 0; turn < 30; turn++)
            {
                switch ((worker + turn) % 3)
                {
                    case 0:
                        await using (var session = await _database.WriteTenantAsync(owner, Cancellation))
                        {
                            await CreateAgencyAsync(session, owner);
                            await session.CommitAsync();
                        }
                        break;
                    case 1:
                        // An error, results that are left unread: whatever ends a session, the connection goes back without its context.
                        await Assert.ThrowsAsync<PostgresException>(
                            () =>
                                _database.ReadTenant(owner)
                                    .QueryAsync<int>("select 1 / (count(*) - count(*))::int from app.agency", null, Cancellation));
                        await Assert.ThrowsAsync<NotSupportedException>(() => _database.ReadTenant(owner).QueryMultipleAsync<Guid>(
                            "select organization_id from app.agency; select id from app.organization",
                            null, (_, _) => throw new NotSupportedException(), Cancellation));
                        break;
                    default:
                        Assert.Equal(
                            [owner.OrganizationId],
                            await _database.ReadTenant(owner).QueryAsync<Guid>("""
                                select distinct organization_id from (
                                    select id as organization_id from app.organization
                                    union all select organization_id from app.agency
                                    union all select organization_id from app.user) seen
                                """, null, Cancellation));
                        break;
                }
            }
        }
    }

    /// <summary>Whatever else opened a connection or set a context would have to keep all these promises again.</summary>
    [Fact]
    public void Nothing_else_opens_connections_or_sets_a_context()
    {
        var source = Path.Combine(RepositoryFolder.Find(), "src");
        var files = new[] { "SalesBrain.Data", "SalesBrain.Functions" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(source, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.Equal(
            ["AgentUpgrade.cs", "DatabaseSession.cs", "EntraSignIn.cs", "Migrator.cs", "OldAgentDatabase.cs", "PageQuery.cs", "PlatformSession.cs", "SalesBrainDatabase.cs", "TenantSession.cs", "WebhookLogDetails.cs", "WebhookLogSelection.cs"],
            files.Where(file => File.ReadAllText(file) is var text
                    && new[] { "OpenConnection", "new NpgsqlConnection(", "NpgsqlDataSource", "TransactionScope", "set_config(" }.Any(
                        word => text.Contains(word, StringComparison.Ordinal)))
                .Select(file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_tenant")]
    private static extern ref NpgsqlDataSource TenantSource(SalesBrainDatabase database);

    private static Task<string> ContextAsync(DatabaseSession session) => session.QuerySingleAsync<string>(Context, null, Cancellation);

    private static Task<int> CreateAgencyAsync(TenantSession session, TenantContext owner) =>
        session.ExecuteAsync("insert into app.agency (organization_id, name) values (@OrganizationId, 'Agency')", owner, Cancellation);

    private async Task<int> CountAgenciesAsync(TenantContext owner) => (await _server.QueryAsync<int>(
        "select count(*)::int from app.agency where organization_id = @OrganizationId", owner)).Single();

    private async Task<TenantContext> CreateOwnerAsync()
    {
        var owner = new TenantContext(Guid.CreateVersion7(), Guid.CreateVersion7(), "owner");
        await _server.ExecuteAsync("""
            insert into app.organization (id, name, slug) values (@OrganizationId, 'Organization', @slug);
            insert into app.user (id, organization_id, email, email_norm, role) values (@UserId, @OrganizationId, @slug, @slug, 'owner');
            """, new { owner.OrganizationId, owner.UserId, slug = owner.OrganizationId.ToString() });
        return owner;
    }

    private sealed record DatabaseSetting
    {
        public int CommandTimeout { get; init; }
    }
}
