using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Crm;

/// <summary>A contact's place in one campaign, or in one client's pipeline, as lists show it.</summary>
public record Lead : IListedRow
{
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid ContactId { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public Guid? CampaignId { get; init; }

    /// <summary>Null where there is no campaign, and for callers who do not see it.</summary>
    public string? CampaignName { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }

    /// <summary>Null where there is no client, and for callers who do not see it.</summary>
    public string? ClientName { get; init; }

    [AllowedValues("new", "contacted", "responded", "qualified", "converted", "rejected")]
    public string Status { get; init; } = "";

    /// <summary>What the lead has shown so far, as one of <see cref="LeadInterest"/>; null before that.</summary>
    public string? Interest { get; init; }

    /// <summary>The sender's own word for the interest.</summary>
    public string? InterestLabel { get; init; }

    [AllowedValues("low", "medium", "high", "urgent")]
    public string Priority { get; init; } = "";

    /// <summary>1 to 5; null before somebody has judged.</summary>
    public int? QualificationScore { get; init; }
    public string? PracticeArea { get; init; }

    /// <summary>Where it comes from.</summary>
    public string? Source { get; init; }
    public string[] Tags { get; init; } = [];

    /// <summary>0 to 100.</summary>
    public int Score { get; init; }

    /// <summary>The user who works it.</summary>
    public Guid? AssignedTo { get; init; }

    /// <summary>Null where nobody works it, and for callers who do not see that user.</summary>
    public string? AssigneeName { get; init; }
    public Guid? CreatedBy { get; init; }
    public int SentCount { get; init; }
    public int OpenedCount { get; init; }
    public int ClickedCount { get; init; }
    public int RepliedCount { get; init; }
    public DateTime? LastActivityAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>How far work on a lead has come; stored and answered in lower case.</summary>
public enum LeadStatus
{
    New = 1,
    Contacted,
    Responded,
    Qualified,
    Converted,
    Rejected,
}

/// <summary>How much a lead matters; stored and answered in lower case.</summary>
public enum LeadPriority
{
    Low = 1,
    Medium,
    High,
    Urgent,
}

/// <summary>What a lead has shown so far.</summary>
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

/// <summary>What leads can be sorted by.</summary>
public enum LeadSort
{
    CreatedAt,
    UpdatedAt,
    Score,

    /// <summary>In the order that work goes through.</summary>
    Status,

    /// <summary>The most urgent first unless asked otherwise.</summary>
    Priority,
    LastActivityAt,
    LastName,
    Company,
}

/// <summary>Which leads; what is null or empty restricts nothing.</summary>
public sealed record LeadFilter
{
    public Guid? OrganizationId { get; init; }
    public IReadOnlyList<LeadStatus> Statuses { get; init; } = [];
    public IReadOnlyList<LeadPriority> Priorities { get; init; } = [];
    public IReadOnlyList<LeadInterest> Interests { get; init; } = [];
    public Guid? CampaignId { get; init; }
    public Guid? ClientId { get; init; }
    public Guid? AssignedTo { get; init; }

    /// <summary>Only those that nobody works.</summary>
    public bool Unassigned { get; init; }
    public string? PracticeArea { get; init; }

    /// <summary>All of which it has.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    public int? MinScore { get; init; }

    /// <summary>Part of the contact's name, e-mail address or company.</summary>
    public string? Search { get; init; }
}
