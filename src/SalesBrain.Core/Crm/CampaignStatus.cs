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

/// <summary>
/// How people change the status of a campaign. Events of the sending tool follow their own rule (<c>app.advance_campaigns</c>).
/// </summary>
public static class CampaignStatusRules
{
    /// <summary>
    /// Whether a person may change the status: draft → active ⇄ paused → completed → archived, and draft → archived. An active campaign can
    /// be completed without pausing it first.
    /// </summary>
    public static bool MayChange(CampaignStatus from, CampaignStatus to) => from == to || (from, to) is
        (CampaignStatus.Draft, CampaignStatus.Active or CampaignStatus.Archived)
        or (CampaignStatus.Active, CampaignStatus.Paused or CampaignStatus.Completed)
        or (CampaignStatus.Paused, CampaignStatus.Active or CampaignStatus.Completed)
        or (CampaignStatus.Completed, CampaignStatus.Archived);
}
