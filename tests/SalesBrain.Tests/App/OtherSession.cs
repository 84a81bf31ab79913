using Dapper;
using Npgsql;

namespace SalesBrain.Tests.App;

/// <summary>A session of the database's owner with an open transaction, whose locks others wait for.</summary>
public sealed class OtherSession : IAsyncDisposable
{
    private readonly TestApp _app;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private OtherSession(TestApp app, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_app, _connection, _transaction) = (app, connection, transaction);

    public static async Task<OtherSession> BeginAsync(TestApp app)
    {
        var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return new(app, connection, await connection.BeginTransactionAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>
    /// Locks <paramref name="first"/>, begins the work, and locks <paramref name="later"/> when the work waits, or has ended. If the work has
    /// locked <paramref name="later"/> before, both wait for each other, and one of them fails with a deadlock. Work that is retried after a
    /// deadlock needs <c>nowait</c> in <paramref name="later"/>.
    /// </summary>
    public static async Task LockAroundAsync(TestApp app, string first, string later, object arguments, Func<Task> work)
    {
        await using var other = await BeginAsync(app);
        await other.ExecuteAsync(first, arguments);
        var working = Task.Run(work, TestContext.Current.CancellationToken);
        await other.UntilItBlocksAsync(working);
        await other.ExecuteAsync(later, arguments);
        await other.RollBackAsync();
        await working;
    }

    public Task<int> ExecuteAsync(string sql, object? arguments = null) => _connection.ExecuteAsync(sql, arguments, _transaction);

    public Task RollBackAsync() => _transaction.RollbackAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until so many sessions wait for this one, also through each other, or the work has ended.</summary>
    public Task UntilItBlocksAsync(Task? work = null, int sessions = 1) => Eventually.HoldsAsync(
        async () => work?.IsCompleted == true || await _app.QuerySingleAsync<int>("""
            with waiting as materialized (
                select a.pid, pg_blocking_pids(a.pid) as blockers from pg_stat_activity a where a.datname = current_database()
            )
            select count(*) from waiting w
            where @session = any (w.blockers) or exists (select from waiting b where b.pid = any (w.blockers) and @session = any (b.blockers))
            """, new { session = _connection.ProcessID }) >= sessions,
        "Sessions wait for the other one.");

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
