using SalesBrain.Core.Access;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Data.Agents.Upgrade;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// Brings the agents of an agent-level installation to SalesBrain, in one transaction. It can be repeated: what an earlier run has brought
/// is left as it is now.
/// </summary>
internal sealed class AgentImport(SalesBrainDatabase database, TimeProvider clock)
{
    internal const string From = "--from";

    /// <summary>
    /// Imports, or only says what an import would do. With an error, or with nothing to do, nothing is written, also no backup.
    /// </summary>
    internal async Task<AgentImportReport> RunAsync(
        string from, IReadOnlyList<AgentMapping> mappings, bool dryRun, CancellationToken cancellationToken)
    {
        await using var old = await OldAsync(() => OldAgentDatabase.OpenAsync(from, exclusive: false, cancellationToken));
        var rows = await OldAsync(() => old.ReadAsync(cancellationToken));
        // First without an effect: locks are held for as long as the import takes, and not for the backup too.
        var report = await TryAsync(rows, mappings, cancellationToken);
        if (dryRun || report.Plan.Errors.Count > 0 || !report.HasChanges)
        {
            return report with { IsDryRun = dryRun };
        }
        var backup = await OldAsync(() => old.BackUpAsync(clock.GetUtcNow(), cancellationToken));
        return await OurAsync(() => ApplyAsync(rows, mappings, commit: true, cancellationToken)) with
        {
            BackupSchema = backup.Schema,
            BackupCounts = backup.Counts,
        };
    }

    /// <summary>What an import of these rows would do now.</summary>
    internal Task<AgentImportReport> TryAsync(
        OldAgentRows rows, IReadOnlyList<AgentMapping> mappings, CancellationToken cancellationToken) =>
        OurAsync(() => ApplyAsync(rows, mappings, commit: false, cancellationToken));

    /// <summary>Runs work on the old database, and reports its errors in a line.</summary>
    internal static async Task<T> OldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await DatabaseErrors.InOneLineAsync(From, work);
        }
        catch (OldTableException e)
        {
            throw new StartupException($"{From}: {e.Message}", e);
        }
    }

    private static Task<T> OurAsync<T>(Func<Task<T>> work) => DatabaseErrors.InOneLineAsync(PlatformLogin.Setting, work);

    private async Task<AgentImportReport> ApplyAsync(
        OldAgentRows rows, IReadOnlyList<AgentMapping> mappings, bool commit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = await database.WritePlatformAsync(cancellationToken);
        await AgentUpgrade.PlanForManyAsync(session, cancellationToken);
        var tenants = await AgentUpgrade.HoldTenantsAsync(session, rows.Tenants.Select(tenant => tenant.Key), cancellationToken);
        var connected = await AgentUpgrade.FindConnectedAsync(session, AgentUpgradeRules.GenesysUserIds(rows, mappings), cancellationToken);
        var plan = AgentUpgradeRules.Plan(rows, mappings, tenants, connected, now.UtcDateTime);
        var added = plan.Agents.Where(agent => agent.IsNew).ToList();
        var taken = await AgentUpgrade.FindUsersAsync(session, added.Select(agent => agent.UserId), cancellationToken);
        plan = plan with
        {
            Errors = [.. plan.Errors, .. added.Where(agent => taken.Contains(agent.UserId))
                .Select(agent => $"Agent {agent.OldAgentId}: an earlier import connected the agent with another Genesys user than {agent.GenesysUserId}.")],
        };
        var organizations = plan.Tenants.Select(tenant => tenant.OrganizationId).ToList();
        var before = await AgentUpgrade.CountAsync(session, organizations, cancellationToken);
        if (plan.Errors.Count > 0)
        {
            return new() { Old = rows.Counts, Plan = plan, Before = before, After = before, AddedAgents = [], AddedAssignments = [] };
        }
        await AgentUpgrade.AddAgentsAsync(session, added, now.UtcDateTime, cancellationToken);
        var assignments = await AgentUpgrade.CarryOverAsync(session, plan.Assignments, now.UtcDateTime, cancellationToken);
        var report = new AgentImportReport
        {
            Old = rows.Counts,
            Plan = plan,
            Before = before,
            After = await AgentUpgrade.CountAsync(session, organizations, cancellationToken),
            AddedAgents = added,
            AddedAssignments = assignments,
        };
        if (commit)
        {
            await AuditAsync(session, report, now, cancellationToken);
            await session.CommitAsync();
        }
        return report;
    }

    private static async Task AuditAsync(
        PlatformSession session, AgentImportReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (report.AddedAgents.Count > 0)
        {
            await AuditLog.WriteAllAsync(session, [.. report.AddedAgents.Select(agent => Entry(
                "user.created", "user", agent.UserId, agent.OrganizationId,
                new
                {
                    after = new
                    {
                        role = Role.Agent.Name(),
                        status = agent.IsActive ? "active" : "disabled",
                        genesys_user_id = agent.GenesysUserId,
                    },
                    by = "import-agents",
                }))],
                cancellationToken);
        }
        var changed = report.Plan.Tenants.Select(tenant => (
            Tenant: tenant,
            Agents: report.AddedAgents.Count(agent => agent.OrganizationId == tenant.OrganizationId),
            Assignments: report.AddedAssignments.Count(assignment => assignment.OrganizationId == tenant.OrganizationId)));
        await AuditLog.WriteAllAsync(session, [.. changed.Where(change => change.Agents + change.Assignments > 0).Select(change => Entry(
            "tenant.agents_imported", "tenant", change.Tenant.Id, change.Tenant.OrganizationId,
            new { users_created = change.Agents, assignments_carried_over = change.Assignments, by = "import-agents" }))], cancellationToken);

        AuditEntry Entry(string action, string entity, Guid id, Guid organizationId, object changes) =>
            new(action, entity, id, organizationId, null, null, now, null, changes);
    }
}
