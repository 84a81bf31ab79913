using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>A database with nothing in it, owned by the role that migrates.</summary>
internal sealed class EmptyDatabase : IAsyncDisposable
{
    private static int _number;

    private EmptyDatabase(string name, string ownerConnectionString)
    {
        Name = name;
        OwnerConnectionString = ownerConnectionString;
    }

    public string Name { get; }

    /// <summary>Outside of any pool: nobody stays connected.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>Makes one on the server of another, whose passwords it shares.</summary>
    public static async Task<EmptyDatabase> CreateAsync(ClonedDatabase neighbour)
    {
        // The clone's name and its number: left-overs of killed runs are told by the beginning.
        var name = $"{neighbour.Name}_empty{Interlocked.Increment(ref _number)}";
        await ExecuteAsync($"create database {name} owner salesbrain_owner template template0");
        return new(
            name, new NpgsqlConnectionStringBuilder(neighbour.Connections.Owner) { Database = name, Pooling = false }.ConnectionString);
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database if exists {Name} with (force)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
