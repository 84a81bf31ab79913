using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Returns one import job with its progress and history. For callers who can see it.</summary>
public sealed class GetJob(RequestPipeline pipeline)
{
    [Function(nameof(GetJob))]
    [Operation("Import jobs", "Get an import job", Description = "With its progress, parameters and every status that it has had.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(ImportJobDetail))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/jobs/{jobId:guid}")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<GetJob>(request, async call =>
            await ImportJobs.FindAsync(call.Read(), jobId, call.CancellationToken) is { } job
                ? EntityTags.Show(call, job)
                : Problems.NotFound);
}
