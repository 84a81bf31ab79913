using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Crm;

/// <summary>An outreach campaign, created here or mirrored from a sending tool.</summary>
public sealed record Campaign : CampaignStatistics
{
    public Guid OrganizationId { get; init; }
    public Guid? AgencyId { get; init; }

    /// <summary>Null if the campaign has no agency or the caller cannot see it.</summary>
    [NotAudited]
    public string? AgencyName { get; init; }
    public Guid? ClientId { get; init; }

    /// <summary>Null if the campaign has no client or the caller cannot see it.</summary>
    [NotAudited]
    public string? ClientName { get; init; }
    public string Name { get; init; } = "";
    public string? Description { get; init; }

    [AllowedValues("draft", "active", "paused", "completed", "archived")]
    public string Status { get; init; } = "draft";

    /// <summary>Where the campaign comes from: <c>manual</c>, or the webhook source that created it, such as <c>instantly</c>.</summary>
    public string Source { get; init; } = "manual";

    /// <summary>The id that the source gave the campaign. Webhooks find the campaign by it.</summary>
    public string? ExternalId { get; init; }
    public DateOnly? StartDate { get; init; }
    public DateOnly? EndDate { get; init; }

    /// <summary>When the campaign last became active.</summary>
    [NotAudited]
    public DateTime? StartedAt { get; init; }

    /// <summary>When the campaign was last completed.</summary>
    [NotAudited]
    public DateTime? CompletedAt { get; init; }

    /// <summary>Settings of the campaign, as a JSON object.</summary>
    public JsonElement Settings { get; init; }

    /// <summary>Who the campaign is for, as a JSON object.</summary>
    public JsonElement TargetAudience { get; init; }
    public Guid? CreatedBy { get; init; }
}

/// <summary>
/// What has happened in a campaign so far, always equal to counting its leads that are not deleted. Names that end in <c>_count</c> count
/// events, except leads_count; names that end in <c>_leads</c> count distinct leads. Rates are from 0 to 1 with four decimals, and null
/// where there is nothing to divide by.
/// </summary>
public abstract record CampaignStatistics : VersionedRow
{
    /// <summary>Leads of the campaign.</summary>
    [NotAudited]
    public long LeadsCount { get; init; }

    /// <summary>Messages sent.</summary>
    [NotAudited]
    public long ContactedCount { get; init; }

    [NotAudited]
    public long OpenedCount { get; init; }

    [NotAudited]
    public long ClickedCount { get; init; }

    [NotAudited]
    public long RepliedCount { get; init; }

    [NotAudited]
    public long BouncedCount { get; init; }

    [NotAudited]
    public long UnsubscribedCount { get; init; }

    [NotAudited]
    public long InterestedCount { get; init; }

    /// <summary>Leads to whom a message was sent.</summary>
    [NotAudited]
    public long ContactedLeads { get; init; }

    [NotAudited]
    public long OpenedLeads { get; init; }

    [NotAudited]
    public long ClickedLeads { get; init; }

    [NotAudited]
    public long RepliedLeads { get; init; }

    [NotAudited]
    public long BouncedLeads { get; init; }

    [NotAudited]
    public long UnsubscribedLeads { get; init; }

    [NotAudited]
    public long InterestedLeads { get; init; }

    /// <summary>Leads whose status is qualified now.</summary>
    [NotAudited]
    public long QualifiedLeads { get; init; }

    /// <summary>Leads whose status is converted now.</summary>
    [NotAudited]
    public long ConvertedLeads { get; init; }

    /// <summary>contacted_leads / leads_count.</summary>
    [NotAudited]
    public decimal? ContactRate { get; init; }

    /// <summary>opened_leads / contacted_leads.</summary>
    [NotAudited]
    public decimal? OpenRate { get; init; }

    /// <summary>replied_leads / contacted_leads.</summary>
    [NotAudited]
    public decimal? ReplyRate { get; init; }

    /// <summary>interested_leads / contacted_leads.</summary>
    [NotAudited]
    public decimal? InterestRate { get; init; }

    /// <summary>qualified_leads / leads_count.</summary>
    [NotAudited]
    public decimal? QualificationRate { get; init; }

    /// <summary>converted_leads / leads_count.</summary>
    [NotAudited]
    public decimal? ConversionRate { get; init; }
}

/// <summary>Sort keys of campaigns.</summary>
public enum CampaignSort
{
    CreatedAt,
    UpdatedAt,
    Name,

    /// <summary>In the order of a campaign's life: draft, active, paused, completed, archived.</summary>
    Status,
    LeadsCount,

    /// <summary>Campaigns that have contacted nobody come last.</summary>
    ReplyRate,
}

/// <summary>Filter of campaigns. Null or empty values do not restrict the result.</summary>
public sealed record CampaignFilter(
    Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, IReadOnlyList<CampaignStatus> Statuses, string? Search);
