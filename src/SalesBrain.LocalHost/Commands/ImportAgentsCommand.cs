using Microsoft.Extensions.Configuration;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// <c>import-agents --from … [--mapping agents.csv] [--dry-run]</c>: brings the agents of an agent-level installation to the database of
/// <c>ConnectionStrings__SalesBrainPlatform</c>. The exit code is 1 if there is an error, and then nothing has changed.
/// </summary>
internal static class ImportAgentsCommand
{
    private const string Mapping = "--mapping";
    private const string DryRun = "--dry-run";

    /// <summary>Seconds that a statement may take: an import is a few large ones.</summary>
    private const int CommandTimeout = 600;

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (!CommandOptions.TryRead(args, [AgentImport.From, Mapping], [DryRun], out var options)
            || !options.TryGetValue(AgentImport.From, out var from))
        {
            return Usage.Print();
        }
        if (await ReadMappingAsync(options.GetValueOrDefault(Mapping), cancellationToken) is not { } mappings)
        {
            return 1;
        }
        await using var database = OpenDatabase();
        var report = await new AgentImport(database, TimeProvider.System)
            .RunAsync(from, mappings, options.ContainsKey(DryRun), cancellationToken);
        foreach (var line in report.Lines())
        {
            Console.WriteLine(line);
        }
        foreach (var error in report.Errors())
        {
            await Console.Error.WriteLineAsync(error);
        }
        return report.Plan.Errors.Count == 0 ? 0 : 1;
    }

    /// <summary>The lines of the mapping; none without a file. Null, after naming the errors, if the file has some.</summary>
    internal static async Task<IReadOnlyList<AgentMapping>?> ReadMappingAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return [];
        }
        var (mappings, errors) = await AgentMappingFile.ReadAsync(path, cancellationToken);
        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync($"{path}: {error}");
        }
        return errors.Count == 0 ? mappings : null;
    }

    /// <summary>The database of the settings.</summary>
    internal static SalesBrainDatabase OpenDatabase() =>
        new(PlatformLogin.Read(new SettingsReader(new ConfigurationBuilder().AddEnvironmentVariables().Build()), CommandTimeout));
}
