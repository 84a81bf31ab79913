using Npgsql;
using SalesBrain.Data.Live;

namespace SalesBrain.Data.Migrations;

/// <summary>
/// Migrates a database to this build: creates the logins, applies new migrations (each in its own transaction) and changed definitions
/// (together in one), and creates the partitions of the coming months. Several instances can run it at the same time.
/// </summary>
public static class Migrator
{
    private const int MonthsAhead = 4;

    // While a statement waits for the lock of a table, all later statements on the table wait behind it. So it waits briefly, and the whole
    // file is tried again: for three minutes, as long as a long export may read.
    private const string LockTimeout = "2s";
    private const int Attempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs as the owner, directly on the server (not through PgBouncer), while the app runs. Returns the names of the applied files.
    /// Throws <see cref="MigrationException"/> if an applied migration was edited, the database is newer than this build, or a file fails.
    /// Files applied before the failure stay applied.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        string ownerConnectionString, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ownerConnectionString);
        return await MigrateAsync(source, clock, cancellationToken);
    }

    /// <summary>As above, for a source that signs in with something other than a password.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellationToken)
    {
        // The lock lives in a transaction of its own connection, so that it outlasts every migration's transaction.
        await using var lockConnection = await source.OpenConnectionAsync(cancellationToken);
        await using var lockTransaction = await lockConnection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(lockConnection, "select pg_advisory_xact_lock(hashtext('salesbrain.migrate'))", cancellationToken);

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var applied = new List<string>();
        await RunAsync(connection, SqlFiles.Roles, cancellationToken);
        await RunAsync(connection, SqlFiles.Ledger, cancellationToken);

        var migrations = await ReadAppliedAsync(connection, "select name, checksum from app.schema_migration", cancellationToken);
        RefuseDrift(migrations);
        foreach (var file in SqlFiles.Migrations.Where(file => !migrations.ContainsKey(file.Name)))
        {
            await InTransactionAsync(
                connection,
                () => ApplyAsync(connection, file, "insert into app.schema_migration (name, checksum) values ($1, $2)", cancellationToken),
                cancellationToken);
            applied.Add(file.Name);
        }

        var definitions = await ReadAppliedAsync(connection, "select name, checksum from app.schema_definition", cancellationToken);
        var changed = SqlFiles.Current.Where(file => definitions.GetValueOrDefault(file.Name) != file.Checksum).ToList();
        if (changed.Count > 0)
        {
            await InTransactionAsync(connection, async () =>
            {
                // Functions can call others whose files come later in alphabetical order.
                await ExecuteAsync(connection, "set local check_function_bodies = off", cancellationToken);
                foreach (var file in changed)
                {
                    await ApplyAsync(connection, file, """
                        insert into app.schema_definition (name, checksum) values ($1, $2)
                        on conflict (name) do update set checksum = excluded.checksum, applied_at = now()
                        """, cancellationToken);
                }
            }, cancellationToken);
            applied.AddRange(changed.Select(file => file.Name));
        }

        await using var partitions = new NpgsqlCommand("select app.ensure_month_partitions($1, $2), app.ensure_live_event_partitions(now(), $3)", connection)
        {
            Parameters = { new() { Value = clock.GetUtcNow() }, new() { Value = MonthsAhead }, new() { Value = LiveEvents.DaysAhead } },
        };
        await partitions.ExecuteNonQueryAsync(cancellationToken);
        await lockTransaction.CommitAsync(cancellationToken);
        return applied;
    }

    private static async Task InTransactionAsync(NpgsqlConnection connection, Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, $"set local lock_timeout = '{LockTimeout}'", cancellationToken);
                await work();
                await transaction.CommitAsync(cancellationToken);
                return;
            }
            catch (MigrationException e) when (attempt < Attempts && e.IsConflict)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static void RefuseDrift(Dictionary<string, string> applied)
    {
        foreach (var (name, checksum) in applied)
        {
            var file = SqlFiles.Migrations.SingleOrDefault(file => file.Name == name)
                ?? throw new MigrationException(
                    $"The database has migration {name}, which this build does not know: it is newer than the build.");
            if (file.Checksum != checksum)
            {
                throw new MigrationException($"Migration {name} was edited after it was applied. Restore it and write a new migration.");
            }
        }
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0), reader.GetString(1));
        }
        return names;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, SqlFile file, string record, CancellationToken cancellationToken)
    {
        await RunAsync(connection, file, cancellationToken);
        await using var command = new NpgsqlCommand(record, connection)
        {
            Parameters = { new() { Value = file.Name }, new() { Value = file.Checksum } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, SqlFile file, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, file.Text, cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new MigrationException($"{file.Name} could not be applied: {e.MessageText}", e);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No statement timeout: building an index can take long.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The database cannot be migrated. The message says why and what to do.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether another session was in the way, so that the same file may succeed later.</summary>
    internal bool IsConflict =>
        InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected };
}
