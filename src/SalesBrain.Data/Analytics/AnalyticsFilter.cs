using SalesBrain.Core.Analytics;
using SalesBrain.Core.Values;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Analytics;

/// <summary>What a report is about: whose leads, and when.</summary>
/// <param name="OrganizationId">Null: the campaign's.</param>
/// <param name="AgencyId">Only this agency's.</param>
/// <param name="ClientId">Only this client's.</param>
/// <param name="CampaignId">Only this campaign's.</param>
/// <param name="Period">The period as the caller asked for it.</param>
/// <param name="TimeZone">Null: the organization's.</param>
/// <param name="Now">When today is.</param>
public sealed record AnalyticsFilter(
    Guid? OrganizationId, Guid? AgencyId, Guid? ClientId, Guid? CampaignId, ReportPeriod Period, string? TimeZone, DateTime Now)
{
    /// <summary>An id that no row has.</summary>
    private static readonly Guid Nobody = new("eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee");

    /// <summary>The parameters of every statement: the session's scope, narrowed by the filter.</summary>
    internal object Parameters(DatabaseSession session)
    {
        var scope = SessionScope.Of(session);
        return new
        {
            organization = scope.OrganizationId ?? OrganizationId,
            agency = Both(scope.AgencyId, AgencyId),
            client = Both(scope.ClientId, ClientId),
            campaign = CampaignId,
            callersAgency = scope.AgencyId,
            callersClient = scope.ClientId,
            timeZone = TimeZone,
            now = Now,
            days = Period.Days,
            fromDate = Period.From?.Date,
            fromAt = Period.From?.Instant,
            toDate = Period.To?.Date,
            toAt = Period.To?.Instant,
            grouping = Period.Grouping.ToWireName(),
            wholeDays = Period.From?.Instant is null && Period.To?.Instant is null,
        };
    }

    private static Guid? Both(Guid? scope, Guid? filter) => scope switch
    {
        null => filter,
        { } own when own == Guid.Empty || (filter is { } other && other != own) => Nobody,
        _ => scope,
    };
}
