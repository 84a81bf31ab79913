using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Starts a pending job, for roles that run import jobs.</summary>
public sealed class StartJob(RequestPipeline pipeline, JobControl jobs)
{
    [Function(nameof(StartJob))]
    [Operation("Import jobs", "Start an import job", Description =
        "Starts a pending job. A running job stays as it is. Members and agency staff start, pause, resume and cancel the jobs that they created.")]
    [Requires(Capability.RunImportJobs)]
    [Returns(200, typeof(ImportJobDetail))]
    [Problems("not_found", "import_job_state", "data_source_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/start")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<StartJob>(
            request, call => jobs.RunAsync(call, jobId, "start", ImportJobs.StartAsync, from: ["pending"], settled: "running"));
}
