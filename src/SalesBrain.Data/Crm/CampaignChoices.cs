using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Campaigns for drop-downs.</summary>
public static class CampaignChoices
{
    /// <summary>
    /// Campaigns that are not deleted, by name; only those the session's role may see. Null and empty filters leave nothing out;
    /// <paramref name="search"/> is a <see cref="SearchTerm"/>.
    /// </summary>
    public static Task<List<CampaignChoice>> FilterAsync(
        DatabaseSession session, Guid? organizationId, string? search, IEnumerable<CampaignStatus> statuses, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<CampaignChoice>("""
            select c.id, c.name, c.status, c.organization_id
            from app.campaign c
            where (@org::uuid is null or c.organization_id = @org) and (@organizationId::uuid is null or c.organization_id = @organizationId)
                and c.deleted_at is null
                and (@search::text is null or strpos(app.search_text(c.name), @search) > 0)
                and (cardinality(@statuses) = 0 or c.status = any (@statuses))
            order by c.name collate app.name_order, c.id
            limit @limit
            """, new
        {
            org = session.OrganizationId,
            organizationId,
            search = SearchTerm.Of(search)?.Text,
            statuses = statuses.Select(status => status.ToWireName()).ToArray(),
            limit,
        }, cancellationToken);
}

/// <summary>A campaign in a drop-down.</summary>
public sealed record CampaignChoice
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";

    [AllowedValues("draft", "active", "paused", "completed", "archived")]
    public string Status { get; init; } = "";
    public Guid OrganizationId { get; init; }
}
