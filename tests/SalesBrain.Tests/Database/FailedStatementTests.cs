using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>
/// A statement that fails leaves its connection as it was for the next caller, also where connections prepare statements automatically and
/// there are more texts than they keep.
/// </summary>
public sealed class FailedStatementTests(ClonedDatabase server) : IClassFixture<ClonedDatabase>
{
    private const int Kept = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select @value::text::timestamptz::text", "2026-01-31T09:30:00Z", "no time")]
    [InlineData("select (@value::text::jsonb ->> 'a')::int::text", """{"a":1}""", """{"a":"b"}""")]
    [InlineData("select (10 / @value::text::int)::text", "5", "0")]
    public async Task Statement_that_fails_when_it_is_first_prepared_works_for_the_next_caller(string sql, string right, string wrong)
    {
        await using var database = Connect(connections: 1);
        await database.ReadTenant(Anyone()).QuerySingleAsync<string>(sql, new { value = right }, Cancellation);

        // The second use is the one that prepares it.
        await Assert.ThrowsAsync<PostgresException>(
            () => database.ReadTenant(Anyone()).QuerySingleAsync<string>(sql, new { value = wrong }, Cancellation));

        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(await database.ReadTenant(Anyone()).QuerySingleAsync<string>(sql, new { value = right }, Cancellation));
        }
    }

    [Fact]
    public async Task Writing_session_that_failed_does_not_spoil_its_connection()
    {
        const string Sql = "select (@value::text::int)::text";
        await using var database = Connect(connections: 1);
        await database.ReadTenant(Anyone()).QuerySingleAsync<string>(Sql, new { value = "7" }, Cancellation);
        await using (var writing = await database.WriteTenantAsync(Anyone(), Cancellation))
        {
            await Assert.ThrowsAsync<PostgresException>(
                () => writing.QuerySingleAsync<string>(Sql, new { value = "no number" }, Cancellation));
        }

        Assert.Equal("7", await database.ReadTenant(Anyone()).QuerySingleAsync<string>(Sql, new { value = "7" }, Cancellation));
    }

    [Fact]
    public async Task Statement_that_fails_while_it_replaces_another_one_spoils_neither()
    {
        await using var database = Connect(connections: 1);
        // More texts than the connection keeps, each used often enough to be prepared.
        foreach (var number in Enumerable.Range(0, Kept / 3 + 20).SelectMany(number => new[] { number, number }))
        {
            Assert.Equal(ExpectedBoth(number), await BothAsync(database, number, Cancellation));
        }
        await BothAsync(database, 1000, Cancellation);
        await FailAsync(database, TextOf(1000), "no number", Cancellation);

        foreach (var number in Enumerable.Range(0, Kept / 3 + 20).Append(1000))
        {
            Assert.Equal(ExpectedBoth(number), await BothAsync(database, number, Cancellation));
        }
    }

    [Fact]
    public async Task Callers_get_their_own_rows_whatever_fails_beside_them()
    {
        // So few that texts replace each other all the time.
        await using var database = Connect(connections: 3, kept: 20);
        var wrong = 0;
        await Parallel.ForAsync(0, 6, Cancellation, async (worker, token) =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 300; i++)
            {
                var number = random.Next(16);
                switch (random.Next(100))
                {
                    case 0:
                        await FailAsync(database, TextOf(number), "no number", token);
                        break;
                    case 1:
                        await FailAsync(database, $"select {number} as a, nothing; select @value::text", "x", token);
                        break;
                    case 2:
                        await FailAsync(database, $"select {number} as a; select {number} / length(@value::text)", "", token);
                        break;
                    case 3:
                        await FailAsync(
                            database, $"select {number} as a, pg_sleep(0.05)::text; select @value::text", "x", token,
                            hangUpAfter: random.Next(1, 8));
                        break;
                }
                if (await BothAsync(database, number, token) != ExpectedBoth(number))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.Equal(0, wrong);
    }

    /// <summary>Fails where the value is not a number, while it is bound: PostgreSQL computes constants when it plans.</summary>
    private static string TextOf(int number) => $"select {number} as a; select @value::text::int + {number} as b; select 'text {number}'";

    private static Both ExpectedBoth(int number) => new(number, $"text {number}");

    private static Task<Both> BothAsync(SalesBrainDatabase database, int number, CancellationToken cancellationToken) =>
        database.ReadTenant(Anyone()).QueryMultipleAsync(
            TextOf(number),
            new { value = "7" },
            async (results, token) =>
            {
                var first = (await results.ReadAsync<int>(token)).Single();
                await results.ReadAsync<int>(token);
                return new Both(first, (await results.ReadAsync<string>(token)).Single());
            },
            cancellationToken);

    private static async Task FailAsync(
        SalesBrainDatabase database, string sql, string value, CancellationToken cancellationToken, int? hangUpAfter = null)
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (hangUpAfter is { } milliseconds)
        {
            hangUp.CancelAfter(milliseconds);
        }
        var failure = await Record.ExceptionAsync(() => database.ReadTenant(Anyone()).ExecuteAsync(sql, new { value }, hangUp.Token));
        // Who hangs up may be too late.
        Assert.True(
            failure is PostgresException or OperationCanceledException || (failure is null && hangUpAfter is not null),
            failure?.ToString());
    }

    private static TenantContext Anyone() => new(Guid.NewGuid(), Guid.NewGuid(), "owner");

    private SalesBrainDatabase Connect(int connections, int kept = Kept) => new(new DatabaseOptions
    {
        TenantConnectionString = Few(server.Connections.Tenant, connections, kept),
        PlatformConnectionString = Few(server.Connections.Platform, connections, kept),
    });

    private static string Few(string connectionString, int connections, int kept) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = connections,
            MaxAutoPrepare = TestCluster.Current.CanPrepare ? kept : 0,
            AutoPrepareMinUsages = 2,
        }.ConnectionString;

    /// <summary>What the first and the last statement of a text return.</summary>
    private sealed record Both(int Number, string Text);
}
