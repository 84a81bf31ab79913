using SalesBrain.Core.Audit;
using SalesBrain.Core.Tenants;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>Changes the Genesys organizations of tenants.</summary>
public sealed class TenantMappings(SessionGuard sessions)
{
    /// <summary>
    /// Maps locked tenants, ends the sessions of the agents who signed in with the former Genesys organizations, writes an audit entry for
    /// each tenant, and commits. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>tenant_genesys_org_id_key</c> if another
    /// tenant has an organization.
    /// </summary>
    internal async Task ChangeAsync(
        Call call, PlatformSession session, IReadOnlyCollection<(MappedTenant Before, MappedTenant After)> changes)
    {
        var (after, now) = (changes.Select(change => change.After).ToList(), call.Now.UtcDateTime);
        await TenantTable.SetGenesysAsync(session, after, now, call.CancellationToken);
        var ended = await GenesysSessions.EndFormerAsync(
            session, after.Select(tenant => tenant.OrganizationId), now, call.CancellationToken);
        var counts = ended.GroupBy(user => user.OrganizationId).ToDictionary(users => users.Key, users => users.Sum(user => user.Sessions));
        await AuditLog.WriteAllAsync(
            session,
            [.. changes.Select(change => EntryOf(call, change, counts.GetValueOrDefault(change.After.OrganizationId)))],
            call.CancellationToken);
        await session.CommitAsync();
        foreach (var user in ended)
        {
            sessions.Forget(user.UserId);
        }
    }

    private static AuditEntry EntryOf(Call call, (MappedTenant Before, MappedTenant After) change, int sessionsEnded)
    {
        var changed = AuditedChanges.Between(change.Before, change.After);
        return call.AuditEntry(
            "tenant.mapped", "tenant", change.After.Id, change.After.OrganizationId,
            new { changed.Before, changed.After, sessions_ended = sessionsEnded });
    }
}
