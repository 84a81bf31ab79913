using SalesBrain.Data.Migrations;
using SalesBrain.LocalHost.Postgres;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Development;

/// <summary>The checkout's own database on the embedded server, which ends with the last process that uses it.</summary>
internal sealed class DevelopmentDatabase : IAsyncDisposable
{
    private const string Name = "salesbrain";
    private readonly EmbeddedPostgres _server;
    private readonly RolePasswords _passwords;

    private DevelopmentDatabase(EmbeddedPostgres server, RolePasswords passwords)
    {
        (_server, _passwords) = (server, passwords);
        Connections = LocalDatabase.ConnectionsTo(server.SuperuserConnectionString(), Name, passwords);
    }

    private static string DataFolder => Path.Combine(RepositoryFolder.Local, "postgres");

    /// <summary>They can be used once the database has been prepared, by this process or an earlier one.</summary>
    internal DatabaseConnections Connections { get; }

    /// <summary>Starts the server. Throws <see cref="StartupException"/>.</summary>
    internal static async Task<DevelopmentDatabase> StartAsync(
        RolePasswords passwords, Action<string> say, CancellationToken cancellationToken) =>
        new(await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DevFolder = Path.Combine(RepositoryFolder.Find(), "dev"),
                DataFolder = DataFolder,
            },
            say, cancellationToken), passwords);

    /// <summary>Migrates the database to this build and sets the logins' passwords. Throws <see cref="StartupException"/>.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LocalDatabase.PrepareAsync(_server.SuperuserConnectionString(), Name, _passwords, TimeProvider.System, cancellationToken);
        }
        catch (MigrationException e)
        {
            throw new StartupException($"{e.Message} Or delete {DataFolder} to start with an empty database.", e);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
