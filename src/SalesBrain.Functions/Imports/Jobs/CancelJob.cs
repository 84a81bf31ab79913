using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Cancels a job that has not ended, for roles that run import jobs.</summary>
public sealed class CancelJob(RequestPipeline pipeline, JobControl jobs)
{
    [Function(nameof(CancelJob))]
    [Operation("Import jobs", "Cancel an import job", Description =
        "A running job is cancelled after its current page, and until then has requested cancel; at once if no worker has it. Leads that were imported stay. A cancelled job stays as it is.")]
    [Requires(Capability.RunImportJobs)]
    [Returns(200, typeof(ImportJobDetail))]
    [Problems("not_found", "import_job_state")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/cancel")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<CancelJob>(request, call => jobs.RunAsync(call, jobId, "cancel", ImportJobs.CancelAsync, from: ["pending", "paused", "running"], settled: "cancelled"));
}
