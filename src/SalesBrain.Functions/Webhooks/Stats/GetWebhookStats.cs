using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Stats;
using SalesBrain.Data.Webhooks.Stats;

namespace SalesBrain.Functions.Webhooks.Stats;

/// <summary>Statistics of received webhooks for those who watch them.</summary>
public sealed class GetWebhookStats(RequestPipeline pipeline)
{
    [Function(nameof(GetWebhookStats))]
    [Operation("Webhook logs", "Get webhook statistics", Description =
        "Counts by status, type and source, and a time series. Only stored logs are counted: logs that retention or a clean-up "
        + "deleted are not. A success rate is therefore too low for times before the retention period of processed logs. Default: "
        + "the last 30 days up to the end of the current bucket. All times are UTC.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(WebhookStats))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/stats")] HttpRequest request) =>
        pipeline.RunAsync<GetWebhookStats, GetWebhookStatsQuery>(request, async (call, input) =>
        {
            var (range, parameter, message) = StatsRange.Resolve(input.DateFrom, input.DateTo, input.Interval, call.Now.UtcDateTime);
            if (range is null)
            {
                return Problems.InvalidMember(parameter, message);
            }
            var counts = await WebhookStatistics.CountAsync(call.Read(), range, input.OrganizationId, call.CancellationToken);
            return ApiResults.Ok(Describe(range, counts.ToLookup(count => count.Dimension)));
        });

    private static WebhookStats Describe(StatsRange range, ILookup<string, WebhookCount> counts)
    {
        var byStatus = WebhookStatusTotals.Of(counts["status"]);
        var buckets = counts["status"].ToLookup(count => count.Bucket);
        var types = counts["type"].Where(count => count.Value.Length > 0)
            .Select(count => new WebhookTypeTotal(count.Value, EventTypes.Find(count.Value)?.Label, count.Total)).ToList();
        var latencies = counts["latency"].Select(count => new LatencyCount(int.Parse(count.Value), count.Total)).ToList();
        return new WebhookStats
        {
            DateFrom = range.From,
            DateTo = range.To,
            Interval = range.Interval,
            Total = byStatus.Total,
            ByStatus = byStatus,
            ByType = types,
            OtherTypes = byStatus.Total - types.Sum(type => type.Total),
            BySource = counts["source"].Select(count => new WebhookSourceTotal(count.Value, count.Total)).ToList(),
            SuccessRate = byStatus.SuccessRate,
            ProcessingMs = latencies.Count == 0 ? null : new ProcessingTimes
            {
                P50 = LatencyHistogram.Percentile(latencies, 0.50)!.Value,
                P95 = LatencyHistogram.Percentile(latencies, 0.95)!.Value,
                P99 = LatencyHistogram.Percentile(latencies, 0.99)!.Value,
            },
            Series = range.Buckets().Select(bucket => WebhookStatsBucket.Of(bucket, buckets[bucket])).ToList(),
        };
    }
}

public sealed record GetWebhookStatsQuery
{
    /// <summary>Inclusive lower bound. Default: 30 days before <c>date_to</c>.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Exclusive upper bound, at most 400 days after the lower bound. Default: the end of the current hour or day.</summary>
    public DateTime? DateTo { get; init; }

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>
    /// Bucket width of the series. Default: hour for ranges up to 7 days, else day. Hour is allowed for ranges up to 92 days.
    /// </summary>
    public StatsInterval? Interval { get; init; }
}

public sealed record WebhookStats
{
    public required DateTime DateFrom { get; init; }
    public required DateTime DateTo { get; init; }
    public required StatsInterval Interval { get; init; }
    public required long Total { get; init; }
    public required WebhookStatusTotals ByStatus { get; init; }

    /// <summary>Most frequent first, at most 100.</summary>
    public required IReadOnlyList<WebhookTypeTotal> ByType { get; init; }

    /// <summary>Number of logs of all types that are not in <c>by_type</c>.</summary>
    public required long OtherTypes { get; init; }

    /// <summary>Most frequent first.</summary>
    public required IReadOnlyList<WebhookSourceTotal> BySource { get; init; }

    /// <summary>processed / (processed + failed + dead), 0 to 1; null if there are none.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Processing times of the processed logs; null if there are none.</summary>
    public ProcessingTimes? ProcessingMs { get; init; }

    /// <summary>All buckets of the range, including empty ones. The range may cut the first and the last bucket.</summary>
    public required IReadOnlyList<WebhookStatsBucket> Series { get; init; }
}

public sealed record WebhookTypeTotal(string EventType, string? Label, long Total);

public sealed record WebhookSourceTotal(string EventSource, long Total);

/// <summary>Processing times in milliseconds. Percentiles are accurate to 5 % plus half a millisecond.</summary>
public sealed record ProcessingTimes
{
    public required int P50 { get; init; }
    public required int P95 { get; init; }
    public required int P99 { get; init; }
}
