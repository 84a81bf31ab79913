using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Rows;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>
/// The audit log entries for changes to organizations, agencies, clients and users: the API fields that were set, changed or cleared.
/// </summary>
internal static class CrmAudit
{
    /// <summary>Fields that callers cannot change, or that belong to another row.</summary>
    private static readonly HashSet<string> UnauditedMembers =
        new(StringComparer.Ordinal) { "id", "created_at", "updated_at", "last_sign_in_at", "agency_name", "client_name" };

    internal static Task WriteCreatedAsync<T>(
        DatabaseSession session, Call call, string entity, T row, Guid? organizationId, DateTimeOffset now)
        where T : VersionedRow =>
        WriteAsync(session, call, $"{entity}.created", entity, row.Id, organizationId, now, new { after = Given(row) });

    internal static Task WriteDeletedAsync<T>(
        DatabaseSession session, Call call, string entity, T row, Guid? organizationId, DateTimeOffset now)
        where T : VersionedRow =>
        WriteAsync(session, call, $"{entity}.deleted", entity, row.Id, organizationId, now, new { before = Given(row) });

    /// <summary>Writes what differs; false, and nothing is written, when nothing does.</summary>
    internal static async Task<bool> WriteUpdatedAsync<T>(
        DatabaseSession session, Call call, string entity, T before, T after, Guid? organizationId, DateTimeOffset now)
        where T : VersionedRow
    {
        var (old, changed) = (FactsOf(before), FactsOf(after));
        var names = old.Select(fact => fact.Key).Where(name => !JsonNode.DeepEquals(old[name], changed[name])).ToList();
        if (names.Count == 0)
        {
            return false;
        }
        var changes = new { before = Only(old, names), after = Only(changed, names) };
        await WriteAsync(session, call, $"{entity}.updated", entity, after.Id, organizationId, now, changes);
        return true;
    }

    internal static Task WriteAsync(
        DatabaseSession session, Call call, string action, string entity, Guid entityId, Guid? organizationId, DateTimeOffset now, object changes) =>
        AuditLog.WriteAsync(
            session,
            new AuditEntry(action, entity, entityId, organizationId, call.Caller.UserId, call.Caller.Role.Name(), now, call.RemoteAddress, changes),
            call.CancellationToken);

    private static JsonObject Given<T>(T row)
        where T : VersionedRow
    {
        var facts = FactsOf(row);
        return Only(facts, facts.Where(fact => fact.Value is not null).Select(fact => fact.Key));
    }

    private static JsonObject FactsOf<T>(T row)
        where T : VersionedRow
    {
        var facts = JsonSerializer.SerializeToNode(row, JsonResponse.Snake)!.AsObject();
        foreach (var name in UnauditedMembers)
        {
            facts.Remove(name);
        }
        return facts;
    }

    private static JsonObject Only(JsonObject facts, IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, facts[name]?.DeepClone())));
}
