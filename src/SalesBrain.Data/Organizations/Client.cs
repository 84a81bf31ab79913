using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Organizations;

/// <summary>A company that an agency works for.</summary>
public sealed record Client : VersionedRow
{
    public Guid OrganizationId { get; init; }
    public Guid AgencyId { get; init; }

    /// <summary>Null for callers who do not see the agency.</summary>
    [NotAudited]
    public string? AgencyName { get; init; }
    public string Name { get; init; } = "";
    public string? ContactEmail { get; init; }
    public string? Phone { get; init; }
    public string? Website { get; init; }
    public string? AddressLine1 { get; init; }
    public string? AddressLine2 { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }
    public string? Industry { get; init; }

    [AllowedValues("active", "inactive")]
    public string Status { get; init; } = "active";
    public JsonElement? GoogleBusinessProfile { get; init; }
    public JsonElement? GoogleSearchConsole { get; init; }
    public JsonElement? GoogleAnalytics { get; init; }

    /// <summary>A JSON object of the organization's own.</summary>
    public JsonElement Metadata { get; init; }
}

/// <summary>What clients can be sorted by.</summary>
public enum ClientSort
{
    CreatedAt,
    UpdatedAt,
    Name,
}

/// <summary>Which clients; what is null or empty restricts nothing.</summary>
public sealed record ClientFilter(Guid? OrganizationId, Guid? AgencyId, string[] Statuses, string? Search);
