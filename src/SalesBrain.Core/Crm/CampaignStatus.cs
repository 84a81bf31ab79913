namespace SalesBrain.Core.Crm;

/// <summary>Campaign status.</summary>
public enum CampaignStatus
{
    Draft = 1,
    Active,
    Paused,
    Completed,
    Archived,
}
