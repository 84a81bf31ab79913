using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>
/// Runs statements with the session's context set. In a reading session each statement is its own read-only transaction and one round trip:
/// the context and the statement are pipelined before one Sync, which PostgreSQL treats as one transaction. In a writing session all
/// statements are one transaction, and the context is sent with the first statement. Throws <see cref="NpgsqlException"/>; the request
/// pipeline converts errors that a caller can cause to problems.
/// </summary>
public abstract class DatabaseSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection? _connection;
    private readonly NpgsqlTransaction? _transaction;
    private bool _contextSent;
    private bool _hasFailed;

    private protected DatabaseSession(NpgsqlDataSource source, NpgsqlConnection? connection, NpgsqlTransaction? transaction)
    {
        _source = source;
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>The session's organization; null in a platform session.</summary>
    public abstract Guid? OrganizationId { get; }

    /// <summary>All rows of the statement.</summary>
    public Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        RunAsync(sql, arguments, (results, token) => results.ReadAsync<T>(token), cancellationToken);

    /// <summary>The only row, or null; more than one row is an error of the statement.</summary>
    public Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        RunAsync(sql, arguments, async (results, token) => (await results.ReadAsync<T>(token)).SingleOrDefault(), cancellationToken);

    /// <summary>The only row.</summary>
    public Task<T> QuerySingleAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        RunAsync(sql, arguments, async (results, token) => (await results.ReadAsync<T>(token)).Single(), cancellationToken);

    /// <summary>Runs a statement for its effect; returns the rows it affected.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken cancellationToken) =>
        RunAsync(sql, arguments, (results, token) => results.CompleteAsync(token), cancellationToken);

    /// <summary>Several statements, separated by semicolons, in one round trip; their results are read in order.</summary>
    public Task<T> QueryMultipleAsync<T>(
        string sql, object? arguments, Func<ResultSets, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(sql, arguments, read, cancellationToken);

    /// <summary>Commits the writing session. Not cancellable, because a commit that was sent must be awaited.</summary>
    public Task CommitAsync() =>
        _transaction?.CommitAsync(CancellationToken.None)
        ?? throw new InvalidOperationException("A reading session has nothing to commit.");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }
        if (_connection is not null)
        {
            if (_hasFailed)
            {
                ForgetPrepared(_connection);
            }
            await _connection.DisposeAsync();
        }
    }

    private protected abstract string? Prefix(bool reading);

    private protected abstract void AddPrefixParameters(DynamicParameters parameters);

    private async Task<T> RunAsync<T>(
        string sql, object? arguments, Func<ResultSets, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = _connection ?? await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var reader = await ExecuteReaderAsync(connection, sql, arguments, cancellationToken);
            var results = new ResultSets(reader);
            var value = await read(results, cancellationToken);
            // An error of a later statement shows only when its result is reached.
            await results.CompleteAsync(cancellationToken);
            return value;
        }
        catch (Exception e)
        {
            _hasFailed = true;
            if (_connection is null)
            {
                ForgetPrepared(connection);
            }
            if (e is PostgresException error && RedactedErrors.QuotesValues(error))
            {
                throw RedactedErrors.Redact(error);
            }
            throw;
        }
        finally
        {
            if (_connection is null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Makes the connection forget its automatically prepared statements after a failure. Npgsql (10.0.3 too, npgsql/npgsql#6391) takes a
    /// statement that fails while it is bound for the first time as prepared, without a description of its rows. The next caller's use of
    /// the same statement on this connection would then fail with "unexpected backend message DataRow".
    /// </summary>
    private void ForgetPrepared(NpgsqlConnection connection)
    {
        if (connection.FullState != ConnectionState.Open || new NpgsqlConnectionStringBuilder(_source.ConnectionString).MaxAutoPrepare == 0)
        {
            return;
        }
        try
        {
            connection.UnprepareAll();
        }
        catch (NpgsqlException)
        {
            // A late cancellation, for example. The pool then closes the connection instead of handing it out again.
            _source.Clear();
        }
    }

    private async Task<DbDataReader> ExecuteReaderAsync(
        NpgsqlConnection connection, string sql, object? arguments, CancellationToken cancellationToken)
    {
        var prefix = _contextSent ? null : Prefix(_transaction is null);
        if (prefix is null)
        {
            return await connection.ExecuteReaderAsync(
                new CommandDefinition(sql, arguments, _transaction, cancellationToken: cancellationToken));
        }
        var parameters = new DynamicParameters(arguments);
        AddPrefixParameters(parameters);
        var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(prefix + sql, parameters, _transaction, cancellationToken: cancellationToken));
        try
        {
            await reader.NextResultAsync(cancellationToken);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
        _contextSent = _transaction is not null;
        return reader;
    }
}
