using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Tallies;

/// <summary>
/// Numbers that are kept up to date instead of being counted: webhook logs by hour, contacts, leads by status. Writers append what they
/// change (<c>app.tally_change</c>); it is added up now and then (<c>app.webhook_log_tally</c>, <c>app.organization_tally</c>). Readers
/// take both, so they are right at every moment.
/// </summary>
public static class TallyChanges
{
    /// <summary>Most changes that one call adds up.</summary>
    public const int BatchSize = 50_000;

    /// <summary>
    /// Sums the oldest changes and returns their number. Fewer than <see cref="BatchSize"/> means that none are left, or that another
    /// instance is processing them.
    /// </summary>
    public static Task<long> FoldAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>("select app.fold_tally_changes(@BatchSize)", new { BatchSize }, cancellationToken);
}
