using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Filters and order of leads, of the list and of the export.</summary>
public abstract record LeadFilters : IValidatableObject, ILeadConditions
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public LeadStatus[] Status { get; init; } = [];

    /// <summary>Priorities; repeatable.</summary>
    [Length(0, 10)]
    public LeadPriority[] Priority { get; init; } = [];

    /// <summary>Interests; repeatable.</summary>
    [Length(0, 20)]
    public LeadInterest[] Interest { get; init; } = [];

    public Guid? CampaignId { get; init; }

    public Guid? ClientId { get; init; }

    /// <summary>A user's id, <c>me</c> for the caller, or <c>none</c> for leads without an assignee.</summary>
    [StringLength(36)]
    [Accepts(Pattern = "^(me|none|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})$")]
    public string? AssignedTo { get; init; }

    /// <summary>The complete value. Case-sensitive.</summary>
    [StringLength(200)]
    public string? PracticeArea { get; init; }

    /// <summary>Tags; repeatable, not separated by commas. Only leads that have all of them.</summary>
    [Length(0, 20)]
    [Accepts(MaxLength = 100)]
    [FreeText]
    public string[] Tags { get; init; } = [];

    /// <summary>Minimum score (inclusive).</summary>
    [Range(0, 100)]
    public int? MinScore { get; init; }

    /// <summary>Part of the contact's name, e-mail address or company.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    /// <summary>Conditions on custom fields, from the parameters <c>custom.…</c>.</summary>
    public CustomFieldFilter[] CustomFields { get; init; } = [];

    /// <inheritdoc cref="V1List{TSort}.SortBy"/>
    public LeadSort SortBy { get; init; }

    /// <inheritdoc cref="V1List{TSort}.SortOrder"/>
    public SortOrder? SortOrder { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => LeadConditions.Check(this);

    internal LeadFilter FilterFor(Caller caller) => LeadConditions.FilterOf(this, caller) with
    {
        OrganizationId = OrganizationId,
        CampaignId = CampaignId,
        ClientId = ClientId,
    };
}
