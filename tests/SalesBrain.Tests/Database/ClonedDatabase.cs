using Dapper;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>A migrated, empty database of a test class's own, reached by plain SQL.</summary>
public class ClonedDatabase : IAsyncLifetime
{
    public DatabaseConnections Connections { get; protected set; } = null!;

    /// <summary>Connections as the owner of the schema.</summary>
    public NpgsqlDataSource Owner { get; protected set; } = null!;

    /// <summary>The name of the database.</summary>
    public string Name => new NpgsqlConnectionStringBuilder(Connections.Owner).Database!;

    /// <summary>This database for the server's superuser, outside of any pool.</summary>
    public virtual string SuperuserConnectionString =>
        new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString) { Database = Name, Pooling = false }.ConnectionString;

    /// <summary>Whether the server counts the statements.</summary>
    protected virtual bool CountsStatements => false;

    public virtual async ValueTask InitializeAsync()
    {
        DapperTypes.Register();
        Connections = await TestCluster.Current.CloneAsync(CountsStatements);
        Owner = NpgsqlDataSource.Create(Connections.Owner);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Owner.DisposeAsync();
        await TestCluster.Current.DropAsync(Connections);
    }

    /// <summary>All rows, as the owner.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, object? arguments = null)
    {
        await using var connection = await Owner.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, arguments)).AsList();
    }

    /// <summary>Runs statements as the owner.</summary>
    public async Task ExecuteAsync(string sql, object? arguments = null)
    {
        await using var connection = await Owner.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, arguments);
    }
}
