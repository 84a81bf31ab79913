using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// What happened in a period or a bucket. Names that end in <c>_leads</c> count distinct leads to whom it happened in that time; the others
/// count events.
/// </summary>
public record CampaignCounts
{
    /// <summary>Leads created.</summary>
    public long NewLeads { get; init; }

    /// <summary>Messages sent.</summary>
    public long Contacted { get; init; }
    public long Opened { get; init; }
    public long Clicked { get; init; }
    public long Replied { get; init; }
    public long Bounced { get; init; }
    public long Unsubscribed { get; init; }
    public long Interested { get; init; }
    public long ContactedLeads { get; init; }
    public long OpenedLeads { get; init; }
    public long ClickedLeads { get; init; }
    public long RepliedLeads { get; init; }
    public long BouncedLeads { get; init; }
    public long UnsubscribedLeads { get; init; }
    public long InterestedLeads { get; init; }

    /// <summary>Leads whose status became qualified.</summary>
    public long QualifiedLeads { get; init; }

    /// <summary>Leads whose status became converted.</summary>
    public long ConvertedLeads { get; init; }

    internal static CampaignCounts Of(IEnumerable<MetricCount> counts) => new CampaignCounts().With(counts);

    private protected CampaignCounts With(IEnumerable<MetricCount> counts)
    {
        var metrics = counts.Where(count => count.Kind is not ("leads" or "source"))
            .ToDictionary(count => count.Kind, StringComparer.Ordinal);
        long Events(string metric) => metrics.TryGetValue(metric, out var count) ? count.Events : 0;
        long Leads(string metric) => metrics.TryGetValue(metric, out var count) ? count.Leads : 0;
        return this with
        {
            NewLeads = Leads("created"),
            Contacted = Events("email.sent"),
            Opened = Events("email.opened"),
            Clicked = Events("email.link_clicked"),
            Replied = Events("email.replied"),
            Bounced = Events("email.bounced"),
            Unsubscribed = Events("lead.unsubscribed"),
            Interested = Events("lead.interested"),
            ContactedLeads = Leads("email.sent"),
            OpenedLeads = Leads("email.opened"),
            ClickedLeads = Leads("email.link_clicked"),
            RepliedLeads = Leads("email.replied"),
            BouncedLeads = Leads("email.bounced"),
            UnsubscribedLeads = Leads("lead.unsubscribed"),
            InterestedLeads = Leads("lead.interested"),
            QualifiedLeads = Leads("qualified"),
            ConvertedLeads = Leads("converted"),
        };
    }
}

/// <summary>What happened in a period, and how many leads there were at its end.</summary>
public sealed record CampaignPeriodTotals : CampaignCounts
{
    /// <summary>Leads that existed at the end of the period.</summary>
    public long Leads { get; init; }

    internal static CampaignPeriodTotals Of(long leads, IEnumerable<MetricCount> counts) =>
        (CampaignPeriodTotals)new CampaignPeriodTotals { Leads = leads }.With(counts);
}

/// <summary>A bucket of the series: what happened on a day, in a week or in a month.</summary>
/// <param name="StartsOn">Its first day in the time zone.</param>
/// <param name="Partial">Whether the period contains only a part of it.</param>
public sealed record CampaignBucket(DateOnly StartsOn, bool Partial, CampaignCounts Counts);

/// <summary>Rates of distinct leads in a period, 0 to 1 with four decimals. Null where there is nothing to divide by.</summary>
public sealed record CampaignPeriodRates
{
    /// <summary>Leads contacted in the period / leads at its end.</summary>
    public decimal? ContactRate { get; init; }

    /// <summary>Leads that opened a message in the period / leads contacted in the period.</summary>
    public decimal? OpenRate { get; init; }

    /// <summary>Leads that replied in the period / leads contacted in the period. Above 1 if more replied to earlier messages.</summary>
    public decimal? ReplyRate { get; init; }

    /// <summary>Leads that showed interest in the period / leads contacted in the period.</summary>
    public decimal? InterestRate { get; init; }

    /// <summary>Leads that became qualified in the period / leads at its end.</summary>
    public decimal? QualificationRate { get; init; }

    /// <summary>Leads that became converted in the period / leads at its end.</summary>
    public decimal? ConversionRate { get; init; }

    internal static CampaignPeriodRates Of(CampaignPeriodTotals totals) => new()
    {
        ContactRate = Rate(totals.ContactedLeads, totals.Leads),
        OpenRate = Rate(totals.OpenedLeads, totals.ContactedLeads),
        ReplyRate = Rate(totals.RepliedLeads, totals.ContactedLeads),
        InterestRate = Rate(totals.InterestedLeads, totals.ContactedLeads),
        QualificationRate = Rate(totals.QualifiedLeads, totals.Leads),
        ConversionRate = Rate(totals.ConvertedLeads, totals.Leads),
    };

    /// <summary>As <c>app.rate</c> in SQL.</summary>
    internal static decimal? Rate(long part, long whole) =>
        whole == 0 ? null : Math.Round((decimal)part / whole, 4, MidpointRounding.AwayFromZero);
}
