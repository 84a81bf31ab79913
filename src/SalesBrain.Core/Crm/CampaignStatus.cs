namespace SalesBrain.Core.Crm;

/// <summary>Where a campaign is in its life; stored and answered in lower case.</summary>
public enum CampaignStatus
{
    Draft = 1,
    Active,
    Paused,
    Completed,
    Archived,
}
