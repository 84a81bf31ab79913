using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Crm;

/// <summary>A person whom an organization knows, as shown in lists.</summary>
public record ContactSummary : VersionedRow
{
    public Guid OrganizationId { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }

    /// <summary>The job title.</summary>
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? Website { get; init; }
    public string? LinkedinUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }

    /// <summary>0 to 100: the best score of the contact's leads that the caller can see.</summary>
    [NotAudited]
    public int LeadScore { get; init; }

    /// <summary>Contacts with a value other than <c>none</c> must not receive messages.</summary>
    [AllowedValues("none", "bounced", "manual", "unsubscribed")]
    public string Suppression { get; init; } = "none";
    public DateTime? SuppressedAt { get; init; }
    public string[] Tags { get; init; } = [];

    /// <summary>The primary owner. Null if there is none or the caller cannot see the assignment.</summary>
    [NotAudited]
    public Guid? OwnerId { get; init; }

    /// <inheritdoc cref="OwnerId"/>
    [NotAudited]
    public string? OwnerName { get; init; }
}

/// <summary>A person whom an organization knows.</summary>
public record Contact : ContactSummary
{
    /// <summary>Custom data of the organization, as a JSON object.</summary>
    public JsonElement CustomFields { get; init; }
}

/// <summary>Sort keys of contacts.</summary>
public enum ContactSort
{
    CreatedAt,
    UpdatedAt,
    LastName,
    Company,
    Email,
}

/// <summary>Filter of contacts. Null or empty values do not restrict the result.</summary>
public sealed record ContactFilter
{
    public Guid? OrganizationId { get; init; }

    /// <summary>Any of these suppressions.</summary>
    public string[] Suppressions { get; init; } = [];

    /// <summary>The complete value.</summary>
    public string? Country { get; init; }

    /// <summary>All of which it has.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Conditions on custom fields, all of which it meets.</summary>
    public IReadOnlyList<CustomFieldFilter> CustomFields { get; init; } = [];

    /// <summary>A campaign in which it has a live lead.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The primary owner.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Part of the name, e-mail address or company.</summary>
    public string? Search { get; init; }
}
