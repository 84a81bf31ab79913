using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>
/// The daily rows of analytics (<c>app.analytics_day</c>). Writers append which leads they changed (<c>app.analytics_change</c>); the rows
/// are brought up to date now and then. Readers count the changed leads themselves, so they are right at every moment.
/// </summary>
public static class AnalyticsChanges
{
    /// <summary>Most changes that one call adds up. Each names the leads of one statement.</summary>
    public const int BatchSize = 500;

    /// <summary>
    /// Adds up the oldest changes and returns their number; 0 if none are left, or if another instance is adding them up.
    /// </summary>
    public static Task<long> FoldAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>("select app.fold_analytics(@BatchSize)", new { BatchSize }, cancellationToken);
}
