using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Organizations;

/// <summary>A team or partner inside an organization that runs campaigns for clients.</summary>
public sealed record Agency : VersionedRow
{
    public Guid OrganizationId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>The domain of its website and e-mail addresses.</summary>
    public string? Domain { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Website { get; init; }
    public string? AddressLine1 { get; init; }
    public string? AddressLine2 { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }

    [AllowedValues("active", "inactive")]
    public string Status { get; init; } = "active";

    /// <summary>Custom data of the organization, as a JSON object.</summary>
    public JsonElement Metadata { get; init; }
}

/// <summary>Sort keys of agencies.</summary>
public enum AgencySort
{
    CreatedAt,
    UpdatedAt,
    Name,
}

/// <summary>Filter of agencies. Null or empty values do not restrict the result.</summary>
public sealed record AgencyFilter(Guid? OrganizationId, string[] Statuses, string? Search);
