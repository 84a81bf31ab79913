using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Tenants;

namespace SalesBrain.Core.Agents.Upgrade;

/// <summary>Decides how the tables of an agent-level installation become users, conversations and assignments.</summary>
public sealed class AgentUpgradeRules
{
    /// <summary>Longest id of a Genesys user.</summary>
    private const int MaxGenesysUserId = 255;

    private readonly OldAgentRows _old;
    private readonly DateTime _now;
    private readonly List<string> _errors = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, OldTenant> _oldTenants;
    private readonly Dictionary<string, UpgradedTenant> _tenants;
    private readonly Dictionary<string, AgentMapping> _mappings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConnectedUser> _connected;

    private AgentUpgradeRules(
        OldAgentRows old, IReadOnlyList<AgentMapping> mappings, IReadOnlyList<UpgradedTenant> tenants, IReadOnlyList<ConnectedUser> connected, DateTime now)
    {
        (_old, _now) = (old, now);
        _oldTenants = old.Tenants.ToDictionary(tenant => tenant.Id, StringComparer.Ordinal);
        _tenants = tenants.ToDictionary(tenant => tenant.Key, StringComparer.Ordinal);
        _connected = connected.ToDictionary(user => user.GenesysUserId, StringComparer.Ordinal);
        CheckMappings(mappings);
    }

    /// <summary>Plans the upgrade.</summary>
    /// <param name="old">The rows of the old tables.</param>
    /// <param name="mappings">The lines of the mapping; none if the old agents have Genesys ids of their own.</param>
    /// <param name="tenants">The tenants of SalesBrain with the keys of the old ones.</param>
    /// <param name="connected">The users who are connected with Genesys users that <see cref="GenesysUserIds"/> names.</param>
    /// <param name="now">The end of assignments that cannot go on.</param>
    public static AgentUpgradePlan Plan(
        OldAgentRows old, IReadOnlyList<AgentMapping> mappings, IReadOnlyList<UpgradedTenant> tenants, IReadOnlyList<ConnectedUser> connected, DateTime now)
    {
        var rules = new AgentUpgradeRules(old, mappings, tenants, connected, now);
        var agents = rules.PlanAgents();
        var assignments = rules.PlanAssignments(agents);
        rules.NoteAccounts();
        return new()
        {
            Errors = rules._errors,
            Agents = agents,
            Assignments = assignments,
            Tenants = rules._old.Tenants.Where(tenant => rules._tenants.ContainsKey(tenant.Key))
                .Select(tenant => rules._tenants[tenant.Key]).Distinct().ToList(),
            Notes = rules._notes,
        };
    }

    /// <summary>The Genesys users that agents may be.</summary>
    public static IReadOnlyCollection<string> GenesysUserIds(OldAgentRows old, IReadOnlyList<AgentMapping> mappings) =>
        mappings.Select(mapping => ReadId(mapping.GenesysUserId)).Concat(old.Agents.Select(agent => ReadId(agent.GenesysUserId)))
            .OfType<string>().ToHashSet(StringComparer.Ordinal);

    private void CheckMappings(IReadOnlyList<AgentMapping> mappings)
    {
        var known = _old.Agents.Select(agent => agent.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var mapping in mappings)
        {
            var id = OldId(mapping.OldAgentId);
            if (id.Length == 0)
            {
                Error(mapping, "old_agent_id is required.");
            }
            else if (!known.Contains(id))
            {
                Error(mapping, $"the table agents has no agent {mapping.OldAgentId}.");
            }
            else if (!_mappings.TryAdd(id, mapping))
            {
                Error(mapping, $"old_agent_id is on line {_mappings[id].Line} already.");
            }
            if (ReadId(mapping.GenesysUserId) is null)
            {
                Error(mapping, $"genesys_user_id must be 1 to {MaxGenesysUserId} characters without spaces.");
            }
            if (mapping.TenantId.Length == 0)
            {
                Error(mapping, "tenant_id is required.");
            }
        }
    }

    private List<PlannedAgent> PlanAgents()
    {
        var (agents, firsts) = (new List<PlannedAgent>(), new Dictionary<string, OldAgent>(StringComparer.Ordinal));
        var leftOut = 0;
        foreach (var agent in _old.Agents)
        {
            var mapping = _mappings.GetValueOrDefault(agent.Id);
            if (ReadId(mapping?.GenesysUserId ?? agent.GenesysUserId) is not { } genesysId)
            {
                if (agent.IsActive && mapping is null)
                {
                    _errors.Add(
                        $"Agent {agent.Id}: no line of the mapping names the agent, and the table agents has no genesys_user_id for them.");
                }
                leftOut += agent.IsActive ? 0 : 1;
                continue;
            }
            if (!firsts.TryAdd(genesysId, agent))
            {
                var message = $"the Genesys user {genesysId} is that of agent {firsts[genesysId].Id} already. A Genesys user is one agent.";
                _errors.Add(mapping is null ? $"Agent {agent.Id}: {message}" : $"Line {mapping.Line}: {message}");
                continue;
            }
            if (FindTenant(agent, mapping) is { } tenant && FindOrAdd(agent, mapping, tenant, genesysId) is { } planned)
            {
                agents.Add(planned);
            }
        }
        if (leftOut > 0)
        {
            _notes.Add($"Agents who are left out, because they are not active and have no Genesys user: {leftOut}.");
        }
        var leaders = _old.Agents.Where(
            agent => agent.Role is { } role && !role.Contains("agent", StringComparison.OrdinalIgnoreCase)).ToList();
        if (leaders.Count > 0)
        {
            _notes.Add(
                "Every user gets the role agent. In the old table these have another role: "
                + $"{Some(leaders.Select(agent => $"{agent.Id} ({agent.Role})"))}. An owner can give them agent_supervisor.");
        }
        return agents;
    }

    private PlannedAgent? FindOrAdd(OldAgent agent, AgentMapping? mapping, UpgradedTenant tenant, string genesysId)
    {
        var connected = _connected.GetValueOrDefault(genesysId);
        if (connected is not null && connected.OrganizationId != tenant.OrganizationId)
        {
            _errors.Add($"Agent {agent.Id}: the Genesys user {genesysId} is a user of another organization than {tenant.Key}.");
            return null;
        }
        return new(
            agent.Id, connected?.UserId ?? IdOf("user", tenant.OrganizationId, agent.Id), tenant.OrganizationId, genesysId,
            tenant.GenesysOrgId!, mapping?.Name ?? agent.Name, mapping?.Email ?? agent.Email, connected?.IsActive ?? agent.IsActive,
            connected is null);
    }

    private UpgradedTenant? FindTenant(OldAgent agent, AgentMapping? mapping)
    {
        if (!_oldTenants.TryGetValue(agent.TenantId, out var old))
        {
            _errors.Add($"Agent {agent.Id}: the table tenants has no tenant {agent.TenantId}.");
            return null;
        }
        if (mapping is { TenantId.Length: > 0 } && OldId(mapping.TenantId) != old.Id && mapping.TenantId != old.Key)
        {
            Error(mapping, $"agent {agent.Id} belongs to the tenant {old.Id}, not to {mapping.TenantId}.");
            return null;
        }
        if (!_tenants.TryGetValue(old.Key, out var tenant))
        {
            ErrorOnce($"Tenant {old.Id}: SalesBrain has no tenant with the key {old.Key}.");
            return null;
        }
        if (tenant.GenesysOrgId is null)
        {
            ErrorOnce($"Tenant {old.Key} is not mapped to a Genesys organization. Map it first: PUT /api/tenants/{tenant.Id}/genesys.");
            return null;
        }
        if (old.GenesysOrgId is { } id && GenesysOrgIds.Read(id) != tenant.GenesysOrgId)
        {
            NoteOnce($"Tenant {old.Key} is mapped to the Genesys organization {tenant.GenesysOrgId}, the old table says {id}.");
        }
        return tenant;
    }

    private List<PlannedAssignment> PlanAssignments(List<PlannedAgent> agents)
    {
        var byOldId = agents.ToDictionary(agent => agent.OldAgentId, StringComparer.Ordinal);
        var carried = new List<(OldAssignment Old, PlannedAgent Agent, string Peer)>();
        var (withoutAgent, withoutPeer) = (new List<string>(), new List<string>());
        foreach (var old in _old.Assignments)
        {
            if (!byOldId.TryGetValue(old.AgentId, out var agent))
            {
                withoutAgent.Add(old.Id);
            }
            else if (PeerIds.Read(old.Peer) is not { } peer)
            {
                withoutPeer.Add(old.Id);
            }
            else
            {
                carried.Add((old, agent, peer));
            }
        }
        // With an error, agents are missing from the plan whose assignments are not lost.
        if (withoutAgent.Count > 0 && _errors.Count == 0)
        {
            _notes.Add(
                $"Assignments that are not carried over, because their agent is left out or not in the table agents: {withoutAgent.Count} "
                + $"({Some(withoutAgent)}).");
        }
        if (withoutPeer.Count > 0)
        {
            _notes.Add(
                "Assignments that are not carried over, because they name no person by a WhatsApp id or phone number: "
                + $"{withoutPeer.Count} ({Some(withoutPeer)}).");
        }
        return [.. carried.GroupBy(row => (row.Agent.OrganizationId, row.Peer)).SelectMany(conversation => PlanConversation([.. conversation]))];
    }

    /// <summary>A conversation has one agent: the one to whom it was assigned last.</summary>
    private IEnumerable<PlannedAssignment> PlanConversation(List<(OldAssignment Old, PlannedAgent Agent, string Peer)> rows)
    {
        var going = rows.Where(row => row.Old.EndedAt is null).OrderBy(row => row.Old.AssignedAt ?? DateTime.MinValue)
            .ThenBy(row => row.Old.Id, StringComparer.Ordinal).ToList();
        foreach (var (old, agent, peer) in rows)
        {
            var assignedAt = old.AssignedAt ?? old.EndedAt ?? _now;
            var (endedAt, reason) = (old.EndedAt, old.Reason);
            if (endedAt is null && going[^1].Old != old)
            {
                (endedAt, reason) = (going[going.FindIndex(row => row.Old == old) + 1].Old.AssignedAt ?? _now, "The conversation was assigned to another agent.");
            }
            else if (endedAt is null && !agent.IsActive)
            {
                (endedAt, reason) = (_now, "The agent is not active.");
            }
            yield return new(
                IdOf("assignment", agent.OrganizationId, old.Id), agent.OrganizationId, peer, agent.UserId, assignedAt,
                endedAt < assignedAt ? assignedAt : endedAt, reason, going.Count > 0);
        }
    }

    private void NoteAccounts()
    {
        var agents = _old.Agents.ToDictionary(agent => agent.Id, StringComparer.Ordinal);
        var accounts = _old.WhatsappAccounts.ToLookup(
            account => agents.GetValueOrDefault(account.AgentId)?.TenantId, StringComparer.Ordinal);
        foreach (var old in _old.Tenants)
        {
            var own = accounts[old.Id].ToList();
            var ids = own.Select(account => account.WabaId).Where(id => id is not null).Distinct(StringComparer.Ordinal).ToList();
            if (own.Count > 0)
            {
                _notes.Add(
                    $"Tenant {old.Key}: WhatsApp accounts of agents that are no longer used: "
                    + $"{own.Count}{(ids.Count == 0 ? "" : $" (WABA {Some(ids!)})")}.");
            }
            if (_tenants.TryGetValue(old.Key, out var tenant) && tenant.WhatsappStatus != "configured")
            {
                _notes.Add(
                    $"Tenant {old.Key} ({tenant.OrganizationName}) still needs to connect a WhatsApp account: its status is "
                    + $"{tenant.WhatsappStatus ?? "not connected"}.");
            }
            else if (tenant is null)
            {
                NoteOnce($"Tenant {old.Id}: SalesBrain has no tenant with the key {old.Key}.");
            }
        }
        if (accounts[null].Any())
        {
            _notes.Add($"WhatsApp accounts of no agent of the table agents, which are no longer used: {accounts[null].Count()}.");
        }
    }

    private void Error(AgentMapping mapping, string message) => _errors.Add($"Line {mapping.Line}: {message}");

    private void ErrorOnce(string error)
    {
        if (!_errors.Contains(error))
        {
            _errors.Add(error);
        }
    }

    private void NoteOnce(string note)
    {
        if (!_notes.Contains(note) && !_errors.Contains(note))
        {
            _notes.Add(note);
        }
    }

    private static string Some(IEnumerable<string> texts)
    {
        const int Most = 10;
        var all = texts.ToList();
        return string.Join(", ", all.Take(Most)) + (all.Count > Most ? $" and {all.Count - Most} more" : "");
    }

    /// <summary>An id as the old tables return it: a UUID in lower case.</summary>
    private static string OldId(string text) => Guid.TryParseExact(text, "D", out var uuid) ? uuid.ToString("D") : text;

    /// <summary>The id of a Genesys user as Genesys returns it: a UUID in lower case. Null if it cannot be an id.</summary>
    private static string? ReadId(string? text) =>
        text is not null && GenesysOrgIds.Read(text) is { Length: <= MaxGenesysUserId } id ? id : null;

    /// <summary>An id that follows from the old one, so that every run finds what an earlier one has made.</summary>
    private static Guid IdOf(string kind, Guid organizationId, string oldId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"import-agents {kind} {organizationId} {oldId}"));
        // Version 8 of RFC 9562: by a rule of the vendor.
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
