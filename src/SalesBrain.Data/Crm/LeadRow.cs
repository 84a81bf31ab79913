using System.Text.Json;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Crm;

/// <summary>A lead's own columns, as people change them; the names are those of the API.</summary>
public sealed record LeadRow : VersionedRow
{
    [NotAudited]
    public Guid OrganizationId { get; init; }
    public Guid ContactId { get; init; }
    public Guid? CampaignId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Status { get; init; } = "new";
    public string? Interest { get; init; }
    public string? InterestLabel { get; init; }

    [NotAudited]
    public DateTime? InterestAt { get; init; }
    public string Priority { get; init; } = "medium";
    public int? QualificationScore { get; init; }
    public JsonElement? QualificationData { get; init; }
    public string? PracticeArea { get; init; }
    public string? Source { get; init; }
    public JsonElement SourceData { get; init; }
    public JsonElement CompanyData { get; init; }
    public JsonElement CustomFields { get; init; }
    public string[] Tags { get; init; } = [];
    public Guid? AssignedTo { get; init; }

    [NotAudited]
    public Guid? CreatedBy { get; init; }
    public decimal? DealAmount { get; init; }
    public string? DealCurrency { get; init; }
    public string? DealEnteredBy { get; init; }
    public DateOnly? ExpectedCloseDate { get; init; }
}
