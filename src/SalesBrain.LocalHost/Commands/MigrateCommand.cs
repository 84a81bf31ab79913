using Npgsql;
using SalesBrain.Data.Migrations;

namespace SalesBrain.LocalHost.Commands;

/// <summary><c>migrate --connection …</c>: what a deployment pipeline runs, as the database's owner.</summary>
internal static class MigrateCommand
{
    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is not ["--connection", var connection])
        {
            return Usage.Print();
        }
        try
        {
            var applied = await Migrator.MigrateAsync(connection, TimeProvider.System, cancellationToken);
            foreach (var name in applied)
            {
                Console.WriteLine($"applied {name}");
            }
            Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"{applied.Count} files applied.");
            return 0;
        }
        catch (ArgumentException)
        {
            throw new StartupException("--connection is not a PostgreSQL connection string.");
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw new StartupException("The database of --connection cannot be reached: check host, port and user.", e);
        }
    }
}
