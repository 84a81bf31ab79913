using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Lists the data sources that the caller can see: those of the organization, and of their agency.</summary>
public sealed class ListDataSources(RequestPipeline pipeline)
{
    [Function(nameof(ListDataSources))]
    [Operation(
        "Data sources", "List data sources", Description = "With the result of the last test and what their jobs did. By name by default.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(Listing<DataSource>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/data-sources")] HttpRequest request) =>
        pipeline.RunAsync<ListDataSources, ListDataSourcesRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, DataSources.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new DataSourceFilter(input.OrganizationId, input.Type, input.Status, input.Search);
            var (rows, total) = await DataSources.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListDataSourcesRequest : V1List<DataSourceSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Types; repeatable.</summary>
    [Length(0, 10)]
    public DataSourceType[] Type { get; init; } = [];

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public DataSourceStatus[] Status { get; init; } = [];

    /// <summary>Part of the name.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
