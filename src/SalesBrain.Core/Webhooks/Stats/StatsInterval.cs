namespace SalesBrain.Core.Webhooks.Stats;

/// <summary>Bucket width of a series. Buckets start at full hours or at midnight UTC.</summary>
public enum StatsInterval
{
    Hour = 1,
    Day,
}
