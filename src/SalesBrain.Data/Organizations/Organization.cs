using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Organizations;

/// <summary>An organization with its identity in outside systems. Callers of an agency or a client see neither its settings nor that identity.</summary>
public sealed record Organization : VersionedRow
{
    public string Name { get; init; } = "";

    /// <summary>Names it in addresses; nobody else has it.</summary>
    public string Slug { get; init; } = "";

    /// <summary>Nobody signs in to a suspended organization, and its receivers refuse.</summary>
    [AllowedValues("active", "suspended")]
    public string Status { get; init; } = "active";

    /// <summary>An IANA time zone.</summary>
    public string Timezone { get; init; } = "UTC";

    /// <summary>A JSON object.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Its key in outside systems; nobody else has it.</summary>
    public string? TenantKey { get; init; }
    public string? GenesysOrgId { get; init; }
    public string? GenesysRegion { get; init; }
}

/// <summary>Whether an organization's people get in; stored and answered in lower case.</summary>
public enum OrganizationStatus
{
    Active = 1,
    Suspended,
}

/// <summary>What organizations can be sorted by.</summary>
public enum OrganizationSort
{
    CreatedAt,
    UpdatedAt,
    Name,
}

/// <summary>Which organizations; what is null or empty restricts nothing.</summary>
public sealed record OrganizationFilter(string[] Statuses, string? Search);
