using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Retention;

/// <summary>The monthly partitions of logs, payloads and activities.</summary>
public static class WebhookPartitions
{
    /// <summary>
    /// Creates the missing partitions for a number of months (1–24), from the month of <paramref name="first"/>, and returns their number.
    /// </summary>
    public static Task<int> EnsureAsync(PlatformSession session, DateTime first, int months, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<int>("select app.ensure_month_partitions(@first, @months)", new { first, months }, cancellationToken);
}
