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

    /// <summary>Custom data of the organization, as a JSON object.</summary>
    public JsonElement Metadata { get; init; }
}

/// <summary>Sort keys of clients.</summary>
public enum ClientSort
{
    CreatedAt,
    UpdatedAt,
    Name,
}

/// <summary>Filter of clients. Null or empty values do not restrict the result.</summary>
public sealed record ClientFilter(Guid? OrganizationId, Guid? AgencyId, string[] Statuses, string? Search);
