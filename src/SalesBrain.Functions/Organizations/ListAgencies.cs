using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Rows;

namespace SalesBrain.Functions.Organizations;

/// <summary>Lists the agencies that the caller can see: their own, or all of their organization.</summary>
public sealed class ListAgencies(RequestPipeline pipeline)
{
    [Function(nameof(ListAgencies))]
    [Operation("Agencies", "List agencies", Description = "Newest first by default.")]
    [Requires(Capability.ReadAgencies)]
    [Returns(200, typeof(Listing<Agency>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/agencies")] HttpRequest request) =>
        pipeline.RunAsync<ListAgencies, ListAgenciesRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Agencies.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new AgencyFilter(input.OrganizationId, [.. input.Status.Select(status => status.ToWireName())], input.Search);
            var (rows, total) = await Agencies.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListAgenciesRequest : V1List<AgencySort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public RecordStatus[] Status { get; init; } = [];

    /// <summary>Part of the name, domain, e-mail address or city.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
