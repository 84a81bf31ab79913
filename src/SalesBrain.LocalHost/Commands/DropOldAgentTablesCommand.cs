using SalesBrain.Data.Agents.Upgrade;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// <c>drop-old-agent-tables --from … --confirm DATABASE [--mapping agents.csv]</c>: drops the tables of agents from the old database, if
/// everything in them has been imported. Nothing else is dropped: not the tenants, and not the copies that an import made.
/// </summary>
internal static class DropOldAgentTablesCommand
{
    private const string Mapping = "--mapping";
    private const string Confirm = "--confirm";

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (!CommandOptions.TryRead(args, [AgentImport.From, Mapping, Confirm], [], out var options)
            || !options.TryGetValue(AgentImport.From, out var from))
        {
            return Usage.Print();
        }
        if (await ImportAgentsCommand.ReadMappingAsync(options.GetValueOrDefault(Mapping), cancellationToken) is not { } mappings)
        {
            return 1;
        }
        await using var database = ImportAgentsCommand.OpenDatabase();
        await using var old = await AgentImport.OldAsync(() => OldAgentDatabase.OpenAsync(from, exclusive: true, cancellationToken));
        var report = await new AgentImport(database, TimeProvider.System)
            .TryAsync(await AgentImport.OldAsync(() => old.ReadAsync(cancellationToken)), mappings, cancellationToken);
        if (report.Plan.Errors.Count > 0 || report.HasChanges)
        {
            foreach (var line in report.Plan.Errors)
            {
                await Console.Error.WriteLineAsync(line);
            }
            throw new StartupException(
                $"Not everything has been imported: {report.AddedAgents.Count} agents and {report.AddedAssignments.Count} assignments are "
                + $"missing, and there are {report.Plan.Errors.Count} errors. Run import-agents with the same mapping "
                + "first. Nothing was dropped.");
        }
        var backups = await AgentImport.OldAsync(() => old.FindBackupsAsync(cancellationToken));
        foreach (var note in report.Plan.Notes)
        {
            Console.WriteLine(note);
        }
        Console.WriteLine($"An import has nothing more to do. Copies: {(backups.Count == 0 ? "none" : string.Join(", ", backups))}.");
        if (options.GetValueOrDefault(Confirm) != old.Name)
        {
            throw new StartupException(
                $"This drops the tables {string.Join(", ", OldAgentDatabase.DroppedTables)} of the database {old.Name}. "
                + $"To do so, add --confirm {old.Name}. Nothing was dropped.");
        }
        await AgentImport.OldAsync(async () =>
        {
            await old.DropAsync(cancellationToken);
            return true;
        });
        Console.WriteLine($"Dropped {string.Join(", ", OldAgentDatabase.DroppedTables)} from {old.Name}.");
        return 0;
    }
}
