using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists campaigns for drop-downs. For callers who can see campaigns.</summary>
public sealed class FilterCampaigns(RequestPipeline pipeline)
{
    private const int Limit = 100;

    [Function(nameof(FilterCampaigns))]
    [Operation("Campaigns", "List campaigns for a drop-down",
        Description = "Sorted by name, at most 100. Only campaigns that the caller can see: those of their organization, agency or client.")]
    [Requires(Capability.ReadCampaigns)]
    [Returns(200, typeof(CampaignChoiceList))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/campaigns/filter")] HttpRequest request) =>
        pipeline.RunAsync<FilterCampaigns, FilterCampaignsQuery>(request, async (call, input) =>
        {
            var campaigns = await CampaignChoices.FilterAsync(
                call.Read(), input.OrganizationId, input.Search, input.Status, Limit + 1, call.CancellationToken);
            return ApiResults.Ok(new CampaignChoiceList { Campaigns = campaigns.Take(Limit).ToList(), HasMore = campaigns.Count > Limit });
        });
}

public sealed record FilterCampaignsQuery
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Part of the name. Letter case and accents make no difference; no character is a wildcard.</summary>
    [StringLength(300)]
    [SearchTerm]
    public string? Search { get; init; }

    /// <summary>Any of these statuses; repeatable.</summary>
    public CampaignStatus[] Status { get; init; } = [];
}

public sealed record CampaignChoiceList
{
    public required IReadOnlyList<CampaignChoice> Campaigns { get; init; }

    /// <summary>True if more campaigns match. Narrow the search to find them.</summary>
    public required bool HasMore { get; init; }
}
