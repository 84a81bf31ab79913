namespace SalesBrain.Core.Agents.Upgrade;

/// <summary>What the tables of an agent-level installation say. Ids are text: they may be UUIDs, numbers or names.</summary>
public sealed record OldAgentRows
{
    public required IReadOnlyList<OldTenant> Tenants { get; init; }
    public required IReadOnlyList<OldAgent> Agents { get; init; }
    public required IReadOnlyList<OldWhatsappAccount> WhatsappAccounts { get; init; }
    public required IReadOnlyList<OldAssignment> Assignments { get; init; }

    /// <summary>The rows of each table, by its name.</summary>
    public required IReadOnlyList<(string Table, long Rows)> Counts { get; init; }
}

/// <summary>A row of <c>tenants</c>.</summary>
public sealed record OldTenant
{
    public string Id { get; init; } = "";

    /// <summary>The key of the same tenant in SalesBrain.</summary>
    public string Key { get; init; } = "";
    public string? GenesysOrgId { get; init; }
}

/// <summary>A row of <c>agents</c>.</summary>
public sealed record OldAgent
{
    public string Id { get; init; } = "";
    public string TenantId { get; init; } = "";
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? GenesysUserId { get; init; }
    public string? Role { get; init; }
    public bool IsActive { get; init; }
}

/// <summary>A row of <c>agent_whatsapp_accounts</c>.</summary>
public sealed record OldWhatsappAccount
{
    public string AgentId { get; init; } = "";
    public string? WabaId { get; init; }
}

/// <summary>A row of <c>agent_conversation_assignments</c>.</summary>
public sealed record OldAssignment
{
    public string Id { get; init; } = "";
    public string AgentId { get; init; } = "";

    /// <summary>The person's WhatsApp id or phone number, as it was written.</summary>
    public string? Peer { get; init; }
    public DateTime? AssignedAt { get; init; }

    /// <summary>Null while the agent has the conversation.</summary>
    public DateTime? EndedAt { get; init; }
    public string? Reason { get; init; }
}
