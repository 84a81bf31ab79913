using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists the campaigns that the caller can see: those of their client, their agency or their whole organization.</summary>
public sealed class ListCampaigns(RequestPipeline pipeline)
{
    [Function(nameof(ListCampaigns))]
    [Operation("Campaigns", "List campaigns", Description = "With their counters and rates. Newest first by default.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(Listing<Campaign>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/campaigns")] HttpRequest request) =>
        pipeline.RunAsync<ListCampaigns, ListCampaignsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Campaigns.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new CampaignFilter(input.OrganizationId, input.AgencyId, input.ClientId, input.Status, input.Search);
            var (rows, total) = await Campaigns.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListCampaignsRequest : V1List<CampaignSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    public Guid? AgencyId { get; init; }

    public Guid? ClientId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public CampaignStatus[] Status { get; init; } = [];

    /// <summary>Part of the name or of the external id.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
