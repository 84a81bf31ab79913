using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Returns one data source, without its credentials. For callers who can see it.</summary>
public sealed class GetDataSource(RequestPipeline pipeline)
{
    [Function(nameof(GetDataSource))]
    [Operation(
        "Data sources", "Get a data source",
        Description = "With the result of the last test and what its jobs did. The credentials are never returned.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(DataSource))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/data-sources/{dataSourceId:guid}")] HttpRequest request,
        Guid dataSourceId) =>
        pipeline.RunAsync<GetDataSource>(request, async call =>
            await DataSources.FindAsync(call.Read(), dataSourceId, call.CancellationToken) is { } source
                ? EntityTags.Show(call, source)
                : Problems.NotFound);
}
