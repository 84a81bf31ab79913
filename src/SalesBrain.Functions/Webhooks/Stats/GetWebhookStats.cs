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
    [Operation("Webhook logs", "Counts of webhook logs over a range of time, by status, type and source, with a series",
        Description = "Counts the logs that are there: what retention or a clean-up removed is not counted any more, so a success rate reaching "
            + "back further than processed logs are kept is too low. Without dates: the last 30 days up to the end of the running bucket. All times are UTC.")]
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
    /// <summary>The first moment that counts. Default: 30 days before <c>date_to</c>.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>The first moment that doesn't count any more, at most 400 days later. Default: the end of the running hour or day.</summary>
    public DateTime? DateTo { get; init; }

    /// <summary>For platform operators; default: all organizations together.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Width of the series' buckets. Default: hours up to 7 days, else days. Hours are possible up to 92 days.</summary>
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

    /// <summary>Logs of the types that <c>by_type</c> has no room for.</summary>
    public required long OtherTypes { get; init; }

    /// <summary>Most frequent first.</summary>
    public required IReadOnlyList<WebhookSourceTotal> BySource { get; init; }

    /// <summary>processed / (processed + failed + dead), 0 to 1; null when there are none of them.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Of the processed logs; null when there are none.</summary>
    public ProcessingTimes? ProcessingMs { get; init; }

    /// <summary>Every bucket of the range, also those without logs. The first and the last may be cut by the range.</summary>
    public required IReadOnlyList<WebhookStatsBucket> Series { get; init; }
}

public sealed record WebhookTypeTotal(string EventType, string? Label, long Total);

public sealed record WebhookSourceTotal(string EventSource, long Total);

/// <summary>Milliseconds, within 5 % and half a millisecond of the exact percentile.</summary>
public sealed record ProcessingTimes
{
    public required int P50 { get; init; }
    public required int P95 { get; init; }
    public required int P99 { get; init; }
}
