namespace SalesBrain.Core.Crm;

/// <summary>
/// The score of a lead, 0 to 100, and its parts. The same as <c>app.lead_score</c>: both round half away from zero, count the age in whole
/// days and round the factor of the recency to 12 decimals.
/// </summary>
/// <param name="Status">Points for the status.</param>
/// <param name="Qualification">Points for the qualification score.</param>
/// <param name="Priority">Points for the priority.</param>
/// <param name="Recency">Points for the last activity.</param>
/// <param name="AgeDays">Whole days since the last activity.</param>
public sealed record LeadScore(decimal Status, decimal Qualification, decimal Priority, decimal Recency, int AgeDays)
{
    /// <summary>Beyond this number of half-lives the factor is 0 in 12 decimals.</summary>
    private const double MostHalfLives = 64;

    private const int FactorDecimals = 12;

    /// <summary>The sum of the parts, rounded and from 0 to 100.</summary>
    public int Score =>
        (int)Math.Clamp(decimal.Round(Status + Qualification + Priority + Recency, 0, MidpointRounding.AwayFromZero), 0, 100);

    /// <summary>
    /// The score at a time. <paramref name="activeAt"/> is the last activity, or when the lead was created if it has none. A time in the
    /// future, from a clock that is ahead, counts as now.
    /// </summary>
    public static LeadScore Of(
        string status, int? qualificationScore, string priority, DateTime activeAt, DateTime now, LeadScoreWeights weights)
    {
        var days = (int)Math.Clamp(Math.Floor((now - activeAt).TotalDays), 0, int.MaxValue);
        return new(
            weights.Status.GetValueOrDefault(status),
            weights.Qualification * (qualificationScore ?? 0),
            weights.Priority.GetValueOrDefault(priority),
            weights.Recency * FactorOf(days, weights.HalfLifeDays),
            days);
    }

    private static decimal FactorOf(int days, int halfLifeDays) => decimal.Round(
        (decimal)Math.Pow(0.5, Math.Min((double)days / halfLifeDays, MostHalfLives)), FactorDecimals, MidpointRounding.AwayFromZero);
}
