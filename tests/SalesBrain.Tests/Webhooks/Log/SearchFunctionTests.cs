using Dapper;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>The definer functions behind the search, called by the logins themselves: row-level security does not hold them.</summary>
[Collection(SerialApp.Collection)]
public sealed class SearchFunctionTests(SerialApp app)
{
    private static readonly string[] Calls =
    [
        "select count(*) from app.search_contact_emails(@organization, '%findme%', 100)",
        "select count(*) from app.search_webhook_logs_without_effect(@organization, '%findme%', 100)",
    ];

    [Theory]
    [InlineData("read_only", true)]
    [InlineData("owner", true)]
    [InlineData("agency_admin", false)]
    [InlineData("client_user", false)]
    [InlineData("", false)]
    public async Task Tenant_login_finds_its_own_organizations_only_and_as_a_role_that_reads_all_of_it(string role, bool finds)
    {
        var (own, other) = (await CreateOrganizationAsync(), await CreateOrganizationAsync());

        foreach (var call in Calls)
        {
            Assert.Equal(finds ? 1 : 0, await CountAsync(app.Database.Tenant, call, own, own, role));
            Assert.Equal(0, await CountAsync(app.Database.Tenant, call, other, own, role));
            Assert.Equal(0, await CountAsync(app.Database.Tenant, call, null, own, role));
        }
    }

    [Fact]
    public async Task Tenant_login_without_a_context_finds_nothing()
    {
        var organization = await CreateOrganizationAsync();

        foreach (var call in Calls)
        {
            Assert.Equal(0, await CountAsync(app.Database.Tenant, call, organization, null, "owner"));
            Assert.Equal(0, await CountAsync(app.Database.Tenant, call, null, null, "owner"));
        }
    }

    [Fact]
    public async Task Platform_login_finds_one_organizations_or_all()
    {
        var (one, two) = (await CreateOrganizationAsync(), await CreateOrganizationAsync());

        foreach (var call in Calls)
        {
            Assert.Equal(1, await CountAsync(app.Database.Platform, call, one, null, null));
            Assert.True(await CountAsync(app.Database.Platform, call, null, null, null) >= 2);
            Assert.Equal(1, await CountAsync(app.Database.Platform, call, two, null, null));
        }
    }

    [Theory]
    [InlineData("search_contact_emails", "contact", "contact_search_idx")]
    [InlineData("search_webhook_logs_without_effect", "webhook_log", "webhook_log_search_text_idx")]
    public async Task Search_fits_its_index(string function, string table, string index)
    {
        // An index whose expression differs from the search's is never used, which only shows when there is much to search. So leave the
        // planner nothing else, for a moment.
        await using var owner = NpgsqlDataSource.Create(app.Database.Owner);
        await using var connection = await owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var source = await connection.QuerySingleAsync<string>("select prosrc from pg_proc where proname = @function", new { function });
        var search = source.Split("$sql$")[1].Replace("$1", "null::uuid").Replace("$2", "'%something rare%'").Replace("$3", "10");
        var others = await connection.QueryAsync<string>("""
            select coalesce(
                (select format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname) from pg_constraint c
                    where c.conindid = i.indexrelid and c.conrelid = i.indrelid),
                format('drop index %s', i.indexrelid::regclass))
            from pg_index i
            where i.indrelid = @table::regclass and i.indexrelid <> @index::regclass
            """, new { table = $"app.{table}", index = $"app.{index}" });
        foreach (var drop in others)
        {
            await connection.ExecuteAsync(drop);
        }

        var plan = string.Join('\n', await connection.QueryAsync<string>($"set local enable_seqscan = off; explain {search}"));

        Assert.Contains("something rare", plan.Split("Index Cond:")[^1], StringComparison.Ordinal);
        Assert.Contains("Index Cond:", plan, StringComparison.Ordinal);
    }

    private async Task<Guid> CreateOrganizationAsync()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateContactAsync(organization, "findme@example.com");
        await app.CreateWebhookLogAsync(organization, "dead", errorMessage: "FindMe");
        return organization;
    }

    private static async Task<long> CountAsync(string connectionString, string sql, Guid? organization, Guid? context, string? role)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            "select set_config('app.current_org_id', $1, true), set_config('app.user_role', $2, true)", connection)
        { Parameters = { new() { Value = context?.ToString() ?? "" }, new() { Value = role ?? "" } } };
        await command.ExecuteNonQueryAsync();
        await using var count = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new NpgsqlParameter("organization", NpgsqlTypes.NpgsqlDbType.Uuid) { Value = (object?)organization ?? DBNull.Value } },
        };
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
