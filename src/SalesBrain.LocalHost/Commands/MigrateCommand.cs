using SalesBrain.Data.Migrations;

namespace SalesBrain.LocalHost.Commands;

/// <summary><c>migrate --connection …</c>: migrates a database as its owner, for deployment pipelines.</summary>
internal static class MigrateCommand
{
    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is not ["--connection", var connection])
        {
            return Usage.Print();
        }
        var applied = await DatabaseErrors.InOneLineAsync("--connection", () => Migrator.MigrateAsync(connection, TimeProvider.System, cancellationToken));
        foreach (var name in applied)
        {
            Console.WriteLine($"applied {name}");
        }
        Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"{applied.Count} files applied.");
        return 0;
    }
}
