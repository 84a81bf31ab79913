using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Retries a failed job, for roles that manage data sources.</summary>
public sealed class RetryJob(RequestPipeline pipeline, JobControl jobs)
{
    [Function(nameof(RetryJob))]
    [Operation("Import jobs", "Retry a failed import job", Description =
        "A failed job goes on at the page that failed.")]
    [Requires(Capability.ManageDataSources)]
    [Returns(200, typeof(ImportJobDetail))]
    [Problems("not_found", "import_job_state", "data_source_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/retry")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<RetryJob>(
            request, call => jobs.RunAsync(call, jobId, "retry", ImportJobs.RetryAsync, from: ["failed"], settled: null));
}
