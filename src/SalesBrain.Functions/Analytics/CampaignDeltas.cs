namespace SalesBrain.Functions.Analytics;

/// <summary>A change against the previous period.</summary>
/// <param name="Absolute">The value minus the previous value; null where one of them is null.</param>
/// <param name="Percent">The change in percent of the previous value, with one decimal; null if the previous value is 0 or null.</param>
public sealed record Delta(decimal? Absolute, decimal? Percent)
{
    internal static Delta Between(decimal? previous, decimal? current) => new(
        current - previous,
        previous is null or 0 || current is null
            ? null
            : Math.Round((current.Value - previous.Value) / previous.Value * 100, 1, MidpointRounding.AwayFromZero));
}

/// <summary>The changes of a campaign's numbers against the previous period.</summary>
public sealed record CampaignDeltas
{
    public required Delta Leads { get; init; }
    public required Delta NewLeads { get; init; }
    public required Delta Contacted { get; init; }
    public required Delta Opened { get; init; }
    public required Delta Clicked { get; init; }
    public required Delta Replied { get; init; }
    public required Delta Bounced { get; init; }
    public required Delta Unsubscribed { get; init; }
    public required Delta Interested { get; init; }
    public required Delta ContactedLeads { get; init; }
    public required Delta RepliedLeads { get; init; }
    public required Delta InterestedLeads { get; init; }
    public required Delta QualifiedLeads { get; init; }
    public required Delta ConvertedLeads { get; init; }
    public required Delta ContactRate { get; init; }
    public required Delta OpenRate { get; init; }
    public required Delta ReplyRate { get; init; }
    public required Delta InterestRate { get; init; }
    public required Delta QualificationRate { get; init; }
    public required Delta ConversionRate { get; init; }

    internal static CampaignDeltas Between(
        CampaignPeriodTotals before, CampaignPeriodTotals now, CampaignPeriodRates ratesBefore, CampaignPeriodRates rates) => new()
        {
            Leads = Delta.Between(before.Leads, now.Leads),
            NewLeads = Delta.Between(before.NewLeads, now.NewLeads),
            Contacted = Delta.Between(before.Contacted, now.Contacted),
            Opened = Delta.Between(before.Opened, now.Opened),
            Clicked = Delta.Between(before.Clicked, now.Clicked),
            Replied = Delta.Between(before.Replied, now.Replied),
            Bounced = Delta.Between(before.Bounced, now.Bounced),
            Unsubscribed = Delta.Between(before.Unsubscribed, now.Unsubscribed),
            Interested = Delta.Between(before.Interested, now.Interested),
            ContactedLeads = Delta.Between(before.ContactedLeads, now.ContactedLeads),
            RepliedLeads = Delta.Between(before.RepliedLeads, now.RepliedLeads),
            InterestedLeads = Delta.Between(before.InterestedLeads, now.InterestedLeads),
            QualifiedLeads = Delta.Between(before.QualifiedLeads, now.QualifiedLeads),
            ConvertedLeads = Delta.Between(before.ConvertedLeads, now.ConvertedLeads),
            ContactRate = Delta.Between(ratesBefore.ContactRate, rates.ContactRate),
            OpenRate = Delta.Between(ratesBefore.OpenRate, rates.OpenRate),
            ReplyRate = Delta.Between(ratesBefore.ReplyRate, rates.ReplyRate),
            InterestRate = Delta.Between(ratesBefore.InterestRate, rates.InterestRate),
            QualificationRate = Delta.Between(ratesBefore.QualificationRate, rates.QualificationRate),
            ConversionRate = Delta.Between(ratesBefore.ConversionRate, rates.ConversionRate),
        };
}
