using System.Globalization;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Data.Agents.Upgrade;

namespace SalesBrain.LocalHost.Commands;

/// <summary>What an import has done, or would do.</summary>
internal sealed record AgentImportReport
{
    private const int MaxErrors = 50;

    internal bool IsDryRun { get; init; }

    /// <summary>The rows of the old tables.</summary>
    internal required IReadOnlyList<(string Table, long Rows)> Old { get; init; }

    internal required AgentUpgradePlan Plan { get; init; }

    /// <summary>Rows in the organizations of the old tenants.</summary>
    internal required UpgradeCounts Before { get; init; }

    internal required UpgradeCounts After { get; init; }

    internal required IReadOnlyList<PlannedAgent> AddedAgents { get; init; }

    internal required IReadOnlyList<PlannedAssignment> AddedAssignments { get; init; }

    /// <summary>Null if no backup was made.</summary>
    internal string? BackupSchema { get; init; }

    internal IReadOnlyList<(string Table, long Rows)> BackupCounts { get; init; } = [];

    internal bool HasChanges => AddedAgents.Count > 0 || AddedAssignments.Count > 0;

    /// <summary>The errors, for standard error; none if there are none.</summary>
    internal IEnumerable<string> Errors() =>
    [
        .. Plan.Errors.Take(MaxErrors),
        .. Plan.Errors.Count > MaxErrors ? [$"Further errors: {Plan.Errors.Count - MaxErrors}."] : Array.Empty<string>(),
        .. Plan.Errors.Count > 0 ? ["Nothing was imported."] : Array.Empty<string>(),
    ];

    /// <summary>The report. The same for a dry run, but for its last line and the backup.</summary>
    internal IEnumerable<string> Lines()
    {
        yield return "Rows of the old tables:";
        foreach (var (table, rows) in Old)
        {
            yield return Row(table, rows);
        }
        if (BackupSchema is not null)
        {
            yield return $"Copied to the schema {BackupSchema} of the old database:";
            foreach (var (table, rows) in BackupCounts)
            {
                yield return Row(table, rows);
            }
        }
        yield return $"Agents: {Plan.Agents.Count(agent => !agent.IsNew)} have a user already, {AddedAgents.Count} get one"
            + $" ({AddedAgents.Count(agent => !agent.IsActive)} of them disabled).";
        yield return $"Assignments: {Plan.Assignments.Count - AddedAssignments.Count} are there already, {AddedAssignments.Count} are carried over"
            + $" ({AddedAssignments.Count(assignment => assignment.EndedAt is not null)} of them ended).";
        yield return $"{"Rows in these organizations:",-36}{"before",10}{"after",10}";
        yield return Row("users who are agents", Before.Agents, After.Agents);
        yield return Row("genesys_user", Before.GenesysUsers, After.GenesysUsers);
        yield return Row("contact", Before.Contacts, After.Contacts);
        yield return Row("conversation", Before.Conversations, After.Conversations);
        yield return Row("conversation_assignment", Before.Assignments, After.Assignments);
        foreach (var note in Plan.Notes)
        {
            yield return note;
        }
        yield return this switch
        {
            { Plan.Errors.Count: > 0 } => "There are errors.",
            { HasChanges: false } => "Everything was imported before. Nothing was changed.",
            { IsDryRun: true } => "This was a dry run. Nothing was changed.",
            _ => "Imported. The old tables are unchanged.",
        };
    }

    private static string Row(string name, params long[] counts) =>
        $"  {name,-34}" + string.Concat(counts.Select(count => count.ToString(CultureInfo.InvariantCulture).PadLeft(10)));
}
