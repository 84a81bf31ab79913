using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Pauses a running job, for roles that run import jobs.</summary>
public sealed class PauseJob(RequestPipeline pipeline, JobControl jobs)
{
    [Function(nameof(PauseJob))]
    [Operation("Import jobs", "Pause an import job", Description =
        "A running job is paused after its current page, and until then has requested pause; at once if no worker has it. A paused job stays as it is.")]
    [Requires(Capability.RunImportJobs)]
    [Returns(200, typeof(ImportJobDetail))]
    [Problems("not_found", "import_job_state")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/pause")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<PauseJob>(
            request, call => jobs.RunAsync(call, jobId, "pause", ImportJobs.PauseAsync, from: ["running"], settled: "paused"));
}
