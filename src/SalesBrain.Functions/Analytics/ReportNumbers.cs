using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>The numbers, rates and changes that reports have in common, of the parts <c>counts</c> and <c>buckets</c>.</summary>
internal sealed record ReportNumbers(
    CampaignPeriodTotals Totals, CampaignPeriodTotals PreviousTotals, IReadOnlyList<CampaignBucket> Series, IReadOnlyList<MetricCount> Counts)
{
    internal CampaignPeriodRates Rates { get; } = CampaignPeriodRates.Of(Totals);

    internal CampaignPeriodRates PreviousRates { get; } = CampaignPeriodRates.Of(PreviousTotals);

    internal CampaignDeltas Deltas => CampaignDeltas.Between(PreviousTotals, Totals, PreviousRates, Rates);

    internal PreviousCampaignPeriod? Previous(PeriodBounds? bounds) =>
        bounds is null ? null : new(bounds.From, bounds.To, PreviousTotals, PreviousRates);

    internal static ReportNumbers Of(ReportParts parts)
    {
        var counts = parts.Rows<MetricCount>("counts");
        var byBucket = counts.Where(count => count.Label is null).ToLookup(count => (count.IsPrevious, count.StartsOn));
        long Leads(bool isPrevious) => byBucket[(isPrevious, null)].SingleOrDefault(count => count.Kind == "leads")?.Events ?? 0;
        return new(
            CampaignPeriodTotals.Of(Leads(false), byBucket[(false, null)]), CampaignPeriodTotals.Of(Leads(true), byBucket[(true, null)]),
            [.. parts.Rows<ReportBucket>("buckets").Select(bucket =>
                new CampaignBucket(bucket.StartsOn, bucket.IsPartial, CampaignCounts.Of(byBucket[(false, bucket.StartsOn)])))],
            counts);
    }
}
