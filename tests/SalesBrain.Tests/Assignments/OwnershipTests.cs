using Dapper;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>The database itself keeps a contact from being owned to more than 100 per cent, or by two primary owners.</summary>
public sealed class OwnershipTests(TestApp app)
{
    private const string Check = "user_contact_assignment_ownership_check";

    [Theory]
    [InlineData(60, 41)]
    [InlineData(100, 1)]
    public async Task Inserting_more_than_is_left_is_refused(int first, int second)
    {
        var (organization, contact, users) = await CreateAsync();
        await app.ExecuteAsync(Insert(users[0], contact, organization, first));

        await AssertRefusedAsync(Check, Insert(users[1], contact, organization, second));
    }

    [Fact]
    public async Task Too_much_in_one_statement_is_refused()
    {
        var (organization, contact, users) = await CreateAsync();

        await AssertRefusedAsync(Check, $"""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, is_primary_owner, ownership_percentage)
            select '{organization}', u, '{contact}', false, 34 from unnest(array['{users[0]}', '{users[1]}', '{users[2]}']::uuid[]) u
            """);
    }

    [Theory]
    [InlineData("update app.user_contact_assignment set ownership_percentage = 61 where user_id = '{1}'")]
    [InlineData("update app.user_contact_assignment set status = 'active' where user_id = '{2}'")]
    [InlineData("update app.user_contact_assignment set contact_id = '{contact}' where user_id = '{2}' and contact_id <> '{contact}'")]
    [InlineData("insert into app.user_contact_assignment (organization_id, user_id, contact_id, is_primary_owner) values ('{org}', '{1}', '{contact}', false) on conflict (organization_id, user_id, contact_id) do update set ownership_percentage = 100")]
    [InlineData("merge into app.user_contact_assignment a using (values ('{2}'::uuid)) v (id) on a.user_id = v.id and a.contact_id = '{contact}' when matched then update set status = 'active'")]
    [InlineData("update app.user_contact_assignment set id = gen_random_uuid(), ownership_percentage = 100 where user_id = '{1}'")]
    public async Task Raising_a_share_past_what_is_left_is_refused_however_written(string statement)
    {
        var (organization, contact, users) = await CreateAsync();
        var elsewhere = await app.CreateContactAsync(organization, "elsewhere@test.example");
        await app.ExecuteAsync(Insert(users[0], contact, organization, 40));
        await app.ExecuteAsync(Insert(users[1], contact, organization, 60));
        await app.ExecuteAsync(Insert(users[2], contact, organization, 1, "inactive"));
        await app.ExecuteAsync(Insert(users[2], elsewhere, organization, 1));
        if (statement.Contains("set contact_id", StringComparison.Ordinal))
        {
            await app.ExecuteAsync("delete from app.user_contact_assignment where status = 'inactive'");
        }

        await AssertRefusedAsync(Check, statement
            .Replace("{contact}", contact.ToString()).Replace("{org}", organization.ToString())
            .Replace("{1}", users[1].ToString()).Replace("{2}", users[2].ToString()));
    }

    [Fact]
    public async Task Passing_shares_on_within_a_statement_is_allowed()
    {
        var (organization, contact, users) = await CreateAsync();
        await app.ExecuteAsync(Insert(users[0], contact, organization, 70));
        await app.ExecuteAsync(Insert(users[1], contact, organization, 30));

        Assert.Equal(
            2,
            await app.ExecuteAsync(
                "update app.user_contact_assignment set ownership_percentage = 100 - ownership_percentage where contact_id = @contact",
                new { contact }));
    }

    [Fact]
    public async Task Two_transactions_that_each_add_their_part_see_one_another()
    {
        var (organization, contact, users) = await CreateAsync();
        await using var source = NpgsqlDataSource.Create(app.Database.Platform);
        await using var first = await source.OpenConnectionAsync();
        await using var second = await source.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await using var other = await second.BeginTransactionAsync();
        var server = await second.QuerySingleAsync<int>("select pg_backend_pid()");
        await ExecuteAsync(first, Insert(users[0], contact, organization, 60));

        var waiting = ExecuteAsync(second, Insert(users[1], contact, organization, 60));
        await UntilBlockedAsync(server);
        await transaction.CommitAsync();

        Assert.Equal(Check, (await Assert.ThrowsAsync<PostgresException>(() => waiting)).ConstraintName);
        Assert.Equal(60, await app.QuerySingleAsync<int>(
            "select sum(ownership_percentage) from app.user_contact_assignment where contact_id = @contact", new { contact }));
    }

    [Fact]
    public async Task A_snapshot_that_would_hide_the_other_transaction_cannot_write()
    {
        var (organization, contact, users) = await CreateAsync();
        await using var source = NpgsqlDataSource.Create(app.Database.Platform);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync(connection, Insert(users[0], contact, organization, 60)));

        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, refused.SqlState);
    }

    [Fact]
    public async Task A_second_primary_owner_is_refused()
    {
        var (organization, contact, users) = await CreateAsync();
        await app.ExecuteAsync(Insert(users[0], contact, organization, 10, isPrimary: true));

        await AssertRefusedAsync("user_contact_assignment_primary_key", Insert(users[1], contact, organization, 10, isPrimary: true));
    }

    [Fact]
    public async Task Counting_interactions_costs_no_check()
    {
        var (organization, contact, users) = await CreateAsync();
        await app.ExecuteAsync(Insert(users[0], contact, organization, 60));
        await using var source = NpgsqlDataSource.Create(app.Database.Platform);
        await using var locker = await source.OpenConnectionAsync();
        await using var transaction = await locker.BeginTransactionAsync();
        await ExecuteAsync(locker, $"select from app.contact where id = '{contact}' for no key update");

        // Waits for nobody who has the contact.
        Assert.Equal(1, await app.ExecuteAsync(
            "set lock_timeout = '2s'; update app.user_contact_assignment set interactions_count = interactions_count + 1 "
            + "where contact_id = @contact",
            new { contact }));
    }

    private async Task<(Guid Organization, Guid Contact, Guid[] Users)> CreateAsync()
    {
        var organization = await app.CreateOrganizationAsync();
        return (organization, await app.CreateContactAsync(organization, "owned@test.example"), [.. (await app.CreateMembersAsync(organization, 3)).Select(user => user.Id)]);
    }

    private static string Insert(Guid user, Guid contact, Guid organization, int percentage, string status = "active", bool isPrimary = false) => $"""
        insert into app.user_contact_assignment (organization_id, user_id, contact_id, is_primary_owner, ownership_percentage, status)
        values ('{organization}', '{user}', '{contact}', {isPrimary}, {percentage}, '{status}')
        """;

    private async Task AssertRefusedAsync(string constraint, string statement) =>
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => app.ExecuteAsync(statement))).ConstraintName);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private Task UntilBlockedAsync(int processId) => Eventually.HoldsAsync(
        () => app.QuerySingleAsync<bool>("select cardinality(pg_blocking_pids(@processId)) > 0", new { processId }),
        "The second transaction waits.");
}
