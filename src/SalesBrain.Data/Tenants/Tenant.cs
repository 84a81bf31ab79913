namespace SalesBrain.Data.Tenants;

/// <summary>How outside systems know an organization.</summary>
public sealed record Tenant
{
    public Guid Id { get; init; }

    /// <summary>Unique key in external systems.</summary>
    public string TenantKey { get; init; } = "";
    public string Status { get; init; } = "";
    public Guid OrganizationId { get; init; }
    public string OrganizationName { get; init; } = "";
    public string OrganizationStatus { get; init; } = "";

    /// <summary>The Genesys organization whose agents sign in. Null if none is mapped.</summary>
    public string? GenesysOrgId { get; init; }

    /// <summary>The region of the Genesys organization.</summary>
    public string? GenesysRegion { get; init; }

    /// <summary>Whether the organization has connected a WhatsApp account that can be used.</summary>
    public bool WhatsappConfigured { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}
