namespace SalesBrain.Core.Agents.Upgrade;

/// <summary>The Genesys user of an old agent, as a line of the mapping names it.</summary>
/// <param name="Line">Line number in the file; the heading is line 1.</param>
/// <param name="OldAgentId">The id in the table <c>agents</c>.</param>
/// <param name="GenesysUserId">The id of the user in Genesys.</param>
/// <param name="TenantId">The id or the key of the agent's tenant in the old tables.</param>
/// <param name="Name">Null: the name in the table <c>agents</c>.</param>
/// <param name="Email">Null: the address in the table <c>agents</c>.</param>
public sealed record AgentMapping(int Line, string OldAgentId, string GenesysUserId, string TenantId, string? Name, string? Email);

/// <summary>A tenant of SalesBrain, as the upgrade needs it.</summary>
public sealed record UpgradedTenant
{
    public Guid Id { get; init; }
    public string Key { get; init; } = "";
    public Guid OrganizationId { get; init; }
    public string OrganizationName { get; init; } = "";
    public string? GenesysOrgId { get; init; }

    /// <summary>The status of the organization's WhatsApp account. Null if it never connected one.</summary>
    public string? WhatsappStatus { get; init; }
}

/// <summary>A user who is connected with a Genesys user already.</summary>
public sealed record ConnectedUser
{
    public string GenesysUserId { get; init; } = "";
    public Guid OrganizationId { get; init; }
    public Guid UserId { get; init; }
    public bool IsActive { get; init; }
}
