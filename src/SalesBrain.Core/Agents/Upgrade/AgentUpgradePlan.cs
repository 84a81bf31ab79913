namespace SalesBrain.Core.Agents.Upgrade;

/// <summary>What an upgrade does, decided before anything is written.</summary>
public sealed record AgentUpgradePlan
{
    /// <summary>Why there is no upgrade. The lists below are then incomplete.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
    public required IReadOnlyList<PlannedAgent> Agents { get; init; }
    public required IReadOnlyList<PlannedAssignment> Assignments { get; init; }

    /// <summary>Tenants of the old tables, as SalesBrain knows them.</summary>
    public required IReadOnlyList<UpgradedTenant> Tenants { get; init; }

    /// <summary>What a person should know or do, a line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>An old agent and their user.</summary>
/// <param name="IsNew">Whether the user does not exist yet.</param>
/// <param name="IsActive">Whether the user may sign in.</param>
public sealed record PlannedAgent(
    string OldAgentId, Guid UserId, Guid OrganizationId, string GenesysUserId, string GenesysOrgId, string? Name, string? Email,
    bool IsActive, bool IsNew);

/// <summary>An assignment as it is carried over.</summary>
/// <param name="Id">Follows from the organization and the old id, so that a second run finds it.</param>
/// <param name="PeerId">The person's WhatsApp id.</param>
/// <param name="EndedAt">Null: the user has the conversation.</param>
/// <param name="IsOpen">Whether the conversation is still going on, with this user, another or nobody.</param>
public sealed record PlannedAssignment(
    Guid Id, Guid OrganizationId, string PeerId, Guid UserId, DateTime AssignedAt, DateTime? EndedAt, string? Reason, bool IsOpen);
