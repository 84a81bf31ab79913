using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Data.Migrations;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The database of an earlier release, with its rows, is migrated while this release receives requests. <c>Fixtures/predecessor/make</c>
/// made it.
/// </summary>
public sealed class MigrationUnderLoadTests(MigrationUnderLoadTests.PredecessorApp app)
    : IClassFixture<MigrationUnderLoadTests.PredecessorApp>
{
    private const int Senders = 4;
    private const int Afterwards = 10;

    [Fact]
    public async Task Requests_succeed_or_are_told_to_come_back_and_nothing_is_lost()
    {
        var rows = await CountRowsAsync();
        Assert.All(
            ["webhook_log", "webhook_payload", "activity", "contact", "lead", "campaign", "user"],
            table => Assert.True(rows[table] > 0, table));
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateTokenEndpointAsync(owner.OrganizationId!.Value);
        using var reader = app.As(owner);
        using var migrating = new CancellationTokenSource();
        var (accepted, refused) = (new ConcurrentBag<int>(), new ConcurrentBag<HttpStatusCode>());

        var load = Task.WhenAll(
            [.. Enumerable.Range(0, Senders).Select(sender => SendAsync(endpoint, sender, accepted, refused, migrating.Token)), ReadAsync(reader, refused, migrating.Token)]);
        IReadOnlyList<string> applied;
        try
        {
            applied = await MigrateAsync();
        }
        finally
        {
            await migrating.CancelAsync();
        }
        await load;

        Assert.Contains(SqlFiles.Migrations[^1].Name, applied);
        Assert.DoesNotContain(SqlFiles.Migrations[0].Name, applied);
        Assert.NotEmpty(refused);
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var logs = await app.QueryAsync<string>(
            "select contact_email from app.webhook_log where organization_id = @OrganizationId and status = 'processed'", endpoint);
        Assert.Equal(accepted.Select(Address).Order(), logs.Order());
        Assert.Equal(
            logs.Count,
            await app.QuerySingleAsync<int>("select count(*) from app.activity where organization_id = @OrganizationId", endpoint));
        Assert.All(await CountRowsAsync(), table => Assert.True(table.Value >= rows.GetValueOrDefault(table.Key), table.Key));
        // Reports count each lead from its own row or as a change that is not folded yet.
        Assert.Equal(0, await app.QuerySingleAsync<int>("""
            select count(*)::int
            from app.lead l
            where l.deleted_at is null and not exists (select from app.analytics_lead a where a.organization_id = l.organization_id and a.lead_id = l.id)
                and not exists (select from app.analytics_change c where c.organization_id = l.organization_id and l.id = any (c.lead_ids))
            """));
        Assert.True(
            await SchemaLevel.IsExactAsync(app.Services.GetRequiredService<SalesBrainDatabase>().ReadPlatform(), CancellationToken.None));
        Assert.Empty(await MigrateAsync());
        await AssertSameAsAnEmptyDatabaseMigratedAsync();
    }

    private Task<IReadOnlyList<string>> MigrateAsync() =>
        Migrator.MigrateAsync(app.Database.Owner, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Sends events until the migration has ended, and some more. Repeats each until it is accepted, as senders do.</summary>
    private async Task SendAsync(
        TokenEndpoint endpoint, int sender, ConcurrentBag<int> accepted, ConcurrentBag<HttpStatusCode> refused, CancellationToken migrating)
    {
        for (int sent = 0, after = 0; after < Afterwards; sent++)
        {
            after += migrating.IsCancellationRequested ? 1 : 0;
            var number = (sent * Senders) + sender;
            var body = Deliveries.Event("email_sent", Address(number));
            while (!await IsAcceptedAsync(() => app.Http.PostTextAsync(endpoint.Path, body), refused))
            {
                await Task.Delay(20, CancellationToken.None);
            }
            accepted.Add(number);
        }
    }

    private static async Task ReadAsync(HttpClient reader, ConcurrentBag<HttpStatusCode> refused, CancellationToken migrating)
    {
        string[] paths = ["/api/admin/webhooks/logs", "/api/v1/users", "/api/v1/leads?search=demo", "/api/v1/auth/me"];
        for (int read = 0, after = 0; after < Afterwards; read++)
        {
            after += migrating.IsCancellationRequested ? 1 : 0;
            await IsAcceptedAsync(() => reader.GetAsync(paths[read % paths.Length]), refused);
        }
    }

    private static async Task<bool> IsAcceptedAsync(Func<Task<HttpResponseMessage>> request, ConcurrentBag<HttpStatusCode> refused)
    {
        using var response = await request();
        if (response.IsSuccessStatusCode)
        {
            return true;
        }
        Assert.True(
            response.StatusCode == HttpStatusCode.ServiceUnavailable,
            $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.NotNull(response.Headers.RetryAfter);
        refused.Add(response.StatusCode);
        return false;
    }

    private static string Address(int number) => $"person{number:00000}@prospect.example";

    private async Task<Dictionary<string, long>> CountRowsAsync()
    {
        var tables = await app.QueryAsync<string>(
            "select relname::text from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition "
            + "and relname <> 'tally_change'");
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            counts.Add(table, await app.QuerySingleAsync<long>($"select count(*) from app.\"{table}\""));
        }
        return counts;
    }

    private async Task AssertSameAsAnEmptyDatabaseMigratedAsync()
    {
        var clone = new ClonedDatabase();
        await clone.InitializeAsync();
        await using (clone)
        {
            await using var expected = await clone.Owner.OpenConnectionAsync();
            await using var actual = new NpgsqlConnection(app.Database.Owner);
            await actual.OpenAsync();
            Assert.Equal(await SchemaText.TablesAsync(expected), await SchemaText.TablesAsync(actual));
            Assert.Equal(await SchemaText.DefinitionsAsync(expected), await SchemaText.DefinitionsAsync(actual));
        }
    }

    public sealed class PredecessorApp : TestApp
    {
        protected override async Task<DatabaseConnections> CreateDatabaseAsync()
        {
            var database = await TestCluster.Current.CreateEmptyAsync();
            var superuser = new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString)
            {
                Database = new NpgsqlConnectionStringBuilder(database.Owner).Database,
            };
            await PostgresTools.RunAsync(
                "pg_restore", superuser.ConnectionString, "--exit-on-error",
                Path.Combine(AppContext.BaseDirectory, "Fixtures", "predecessor", "predecessor.dump"));
            // A restore has no statistics, without which the first requests would be slow.
            await PostgresTools.RunAsync("psql", superuser.ConnectionString, "--quiet", "--command=analyze");
            return database;
        }
    }
}
