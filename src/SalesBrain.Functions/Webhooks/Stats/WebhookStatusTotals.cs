using System.Text.Json.Serialization;
using SalesBrain.Data.Webhooks.Stats;

namespace SalesBrain.Functions.Webhooks.Stats;

/// <summary>Number of logs by status.</summary>
public sealed record WebhookStatusTotals(long Pending, long Processed, long Ignored, long Failed, long Dead)
{
    [JsonIgnore]
    public long Total => Pending + Processed + Ignored + Failed + Dead;

    [JsonIgnore]
    public double? SuccessRate => Processed + Failed + Dead is > 0 and var decided ? (double)Processed / decided : null;

    internal static WebhookStatusTotals Of(IEnumerable<WebhookCount> counts)
    {
        var totals = counts.ToLookup(count => count.Value, count => count.Total);
        return new(
            totals["pending"].Sum(), totals["processed"].Sum(), totals["ignored"].Sum(), totals["failed"].Sum(), totals["dead"].Sum());
    }
}

/// <summary>A bucket of the series: one hour or one day.</summary>
public sealed record WebhookStatsBucket(DateTime StartsAt, long Total, WebhookStatusTotals ByStatus)
{
    internal static WebhookStatsBucket Of(DateTime startsAt, IEnumerable<WebhookCount> counts)
    {
        var byStatus = WebhookStatusTotals.Of(counts);
        return new(startsAt, byStatus.Total, byStatus);
    }
}
