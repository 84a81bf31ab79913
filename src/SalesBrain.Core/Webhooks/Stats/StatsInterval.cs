namespace SalesBrain.Core.Webhooks.Stats;

/// <summary>The width of a bucket of a series; buckets start at full hours and at midnight, UTC.</summary>
public enum StatsInterval
{
    Hour = 1,
    Day,
}
