using SalesBrain.Data.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// Deal amounts of one currency. Amounts of different currencies are never added up.
/// </summary>
public sealed record DealTotal
{
    /// <summary>
    /// <c>won</c>: leads that are converted and were closed in the period. <c>previously_won</c>: in the period before. <c>open</c>: leads
    /// that are now neither converted nor rejected.
    /// </summary>
    public required string State { get; init; }

    /// <summary>
    /// What the leads have in common: <c>total</c>, <c>campaign</c>, <c>source</c>, <c>assignee</c>, <c>bucket</c> or <c>group</c>.
    /// </summary>
    public required string Dimension { get; init; }

    /// <summary>The campaign's or user's id, the source, the first day of the bucket, or the key of the group; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>The name of the campaign or user.</summary>
    public string? Label { get; init; }

    /// <summary>ISO 4217; <c>unknown</c> for amounts without a currency.</summary>
    public required string Currency { get; init; }
    public required decimal Amount { get; init; }

    /// <summary>Leads with such an amount.</summary>
    public required long Leads { get; init; }

    internal static IReadOnlyList<DealTotal> Of(ReportParts parts, string part, bool withPrevious) =>
    [
        .. parts.Rows<DealRow>(part).Where(row => withPrevious || row.State != "previously_won").Select(row => new DealTotal
        {
            State = row.State,
            Dimension = row.Dimension,
            Key = row.Key,
            Label = row.Label,
            Currency = row.Currency,
            Amount = row.Amount,
            Leads = row.Leads,
        }),
    ];
}

/// <summary>Leads by status.</summary>
public sealed record LeadsByStatus(long New, long Contacted, long Responded, long Qualified, long Converted, long Rejected)
{
    internal static LeadsByStatus Of(IEnumerable<NamedCount> counts)
    {
        var byStatus = counts.ToLookup(count => count.Key, count => count.Count);
        long Of(string status) => byStatus[status].Sum();
        return new(Of("new"), Of("contacted"), Of("responded"), Of("qualified"), Of("converted"), Of("rejected"));
    }
}
