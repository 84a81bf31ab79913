using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Organizations;

/// <summary>
/// An organization with its keys in external systems. Callers of an agency or a client, and agents, do not see its settings or these keys.
/// </summary>
public sealed record Organization : VersionedRow
{
    public string Name { get; init; } = "";

    /// <summary>Unique name for use in URLs.</summary>
    public string Slug { get; init; } = "";

    /// <summary>While an organization is suspended, its users cannot sign in and its webhook endpoints refuse deliveries.</summary>
    [AllowedValues("active", "suspended")]
    public string Status { get; init; } = "active";

    /// <summary>IANA time zone name.</summary>
    public string Timezone { get; init; } = "UTC";

    /// <summary>A JSON object.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Unique key in external systems.</summary>
    public string? TenantKey { get; init; }
    public string? GenesysOrgId { get; init; }
    public string? GenesysRegion { get; init; }
}

/// <summary>Organization status.</summary>
public enum OrganizationStatus
{
    Active = 1,
    Suspended,
}

/// <summary>Sort keys of organizations.</summary>
public enum OrganizationSort
{
    CreatedAt,
    UpdatedAt,
    Name,
}

/// <summary>Filter of organizations. Null or empty values do not restrict the result.</summary>
public sealed record OrganizationFilter(string[] Statuses, string? Search);
