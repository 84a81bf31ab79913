using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;

namespace SalesBrain.Data.Crm;

/// <summary>A contact in one campaign or in one client's pipeline, as shown in lists.</summary>
public record Lead : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    /// <summary>See <see cref="SalesBrain.Core.Rows.IVersionedRow"/>.</summary>
    [JsonIgnore]
    public long Version { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid ContactId { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public Guid? CampaignId { get; init; }

    /// <summary>Null if there is no campaign or the caller cannot see it.</summary>
    public string? CampaignName { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }

    /// <summary>Null if there is no client or the caller cannot see it.</summary>
    public string? ClientName { get; init; }

    [AllowedValues("new", "contacted", "responded", "qualified", "converted", "rejected")]
    public string Status { get; init; } = "";

    /// <summary>The interest shown so far; null if none has been recorded.</summary>
    [LeadInterestName]
    public string? Interest { get; init; }

    /// <summary>The sender's label for the interest.</summary>
    public string? InterestLabel { get; init; }

    [AllowedValues("low", "medium", "high", "urgent")]
    public string Priority { get; init; } = "";

    /// <summary>1 to 5; null if the lead has not been qualified.</summary>
    public int? QualificationScore { get; init; }
    public string? PracticeArea { get; init; }

    /// <summary>The origin of the lead.</summary>
    public string? Source { get; init; }
    public string[] Tags { get; init; } = [];

    /// <summary>0 to 100.</summary>
    public int Score { get; init; }

    /// <summary>The user the lead is assigned to.</summary>
    public Guid? AssignedTo { get; init; }

    /// <summary>Null if the lead is not assigned or the caller cannot see the assignee.</summary>
    public string? AssigneeName { get; init; }
    public Guid? CreatedBy { get; init; }

    /// <summary>The amount of the deal.</summary>
    public decimal? DealAmount { get; init; }

    /// <summary>Its currency (ISO 4217). Null if a webhook brought an amount without one.</summary>
    public string? DealCurrency { get; init; }

    /// <summary>Who entered the amount. A person's entry is not replaced by webhooks.</summary>
    [AllowedValues("person", "webhook")]
    public string? DealEnteredBy { get; init; }

    /// <summary>The day on which the deal is expected to be closed.</summary>
    public DateOnly? ExpectedCloseDate { get; init; }

    /// <summary>When the lead became converted or rejected.</summary>
    public DateTime? ClosedAt { get; init; }
    public int SentCount { get; init; }
    public int OpenedCount { get; init; }
    public int ClickedCount { get; init; }
    public int RepliedCount { get; init; }
    public DateTime? LastActivityAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>Lead status.</summary>
public enum LeadStatus
{
    New = 1,
    Contacted,
    Responded,
    Qualified,
    Converted,
    Rejected,
}

/// <summary>Lead priority.</summary>
public enum LeadPriority
{
    Low = 1,
    Medium,
    High,
    Urgent,
}

/// <summary>The interest a lead has shown.</summary>
public enum LeadInterest
{
    Interested = 1,
    InterestedMaybe,
    Neutral,
    NotInterested,
    MeetingBooked,
    MeetingCompleted,
    MeetingCancelled,
    NoShow,
    OutOfOffice,
    WrongPerson,

    /// <summary>A label of the sender's own; see <c>interest_label</c>.</summary>
    Label,
}

/// <summary>The name of a <see cref="LeadInterest"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LeadInterestNameAttribute() : AllowedValuesAttribute([.. WireNames.AllOf(typeof(LeadInterest))]);

/// <summary>Sort keys of leads.</summary>
public enum LeadSort
{
    CreatedAt,
    UpdatedAt,
    Score,

    /// <summary>In the order of the sales process.</summary>
    Status,

    /// <summary>The most urgent first unless asked otherwise.</summary>
    Priority,
    LastActivityAt,
    LastName,
    Company,
}

/// <summary>Filter of leads. Null or empty values do not restrict the result.</summary>
public sealed record LeadFilter
{
    public Guid? OrganizationId { get; init; }
    public IReadOnlyList<LeadStatus> Statuses { get; init; } = [];
    public IReadOnlyList<LeadPriority> Priorities { get; init; } = [];
    public IReadOnlyList<LeadInterest> Interests { get; init; } = [];
    public Guid? CampaignId { get; init; }
    public Guid? ClientId { get; init; }
    public Guid? AssignedTo { get; init; }

    /// <summary>Only leads without an assignee.</summary>
    public bool Unassigned { get; init; }
    public string? PracticeArea { get; init; }

    /// <summary>All of which it has.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    public int? MinScore { get; init; }

    /// <summary>Conditions on custom fields; all of them hold.</summary>
    public IReadOnlyList<CustomFieldFilter> CustomFields { get; init; } = [];

    /// <summary>Part of the contact's name, e-mail address or company.</summary>
    public string? Search { get; init; }
}
