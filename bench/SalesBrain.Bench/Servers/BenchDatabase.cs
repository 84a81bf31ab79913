using System.Data;
using Dapper;
using Npgsql;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.Bench.Servers;

/// <summary>One database of the server, as its owner and as the superuser; measured code uses <see cref="Connections"/>.</summary>
internal sealed class BenchDatabase(string name, DatabaseConnections connections, string superuser)
{
    public string Name { get; } = name;

    public DatabaseConnections Connections { get; } = connections;

    /// <summary>
    /// The superuser's connection string, for programs that need what row-level security forbids everybody else, such as COPY.
    /// </summary>
    public string Superuser { get; } = superuser;

    public Task AsSuperuserAsync(string sql, object? arguments, CancellationToken cancellationToken) =>
        ExecuteAsync(Superuser, sql, arguments, cancellationToken);

    public Task AsOwnerAsync(string sql, object? arguments, CancellationToken cancellationToken) =>
        ExecuteAsync(Connections.Owner, sql, arguments, cancellationToken);

    /// <summary>Rows as the superuser sees them: all.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Unpooled(Superuser));
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, commandType: CommandType.Text, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<T> QuerySingleAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        (await QueryAsync<T>(sql, arguments, cancellationToken)).Single();

    /// <summary>Leaves a note that <see cref="BenchServer.FindNoteAsync"/> finds.</summary>
    public Task NoteAsync(string note, CancellationToken cancellationToken) =>
        AsSuperuserAsync($"comment on database {Name} is '{note.Replace("'", "''", StringComparison.Ordinal)}'", null, cancellationToken);

    /// <summary>Changes a setting of the whole server while something runs. Backends take it up with their next command.</summary>
    public async Task<T> WithSettingAsync<T>(string name, string value, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        await AsSuperuserAsync($"alter system set {name} = '{value}'", null, cancellationToken);
        try
        {
            await AsSuperuserAsync("select pg_reload_conf()", null, cancellationToken);
            // The server has yet to tell its backends.
            await Task.Delay(100, cancellationToken);
            return await run();
        }
        finally
        {
            await AsSuperuserAsync($"alter system reset {name}", null, CancellationToken.None);
            await AsSuperuserAsync("select pg_reload_conf()", null, CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql, object? arguments, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.ExecuteAsync(
            new CommandDefinition(sql, arguments, commandType: CommandType.Text, cancellationToken: cancellationToken));
    }

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0, MaxAutoPrepare = 0 }.ConnectionString;
}
