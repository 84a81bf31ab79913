using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Resumes a paused job, for roles that run import jobs.</summary>
public sealed class ResumeJob(RequestPipeline pipeline, JobControl jobs)
{
    [Function(nameof(ResumeJob))]
    [Operation("Import jobs", "Resume an import job", Description =
        "A paused job goes on where it stopped. A running job stays as it is; a pause that was requested and not made yet is withdrawn.")]
    [Requires(Capability.RunImportJobs)]
    [Returns(200, typeof(ImportJobDetail))]
    [Problems("not_found", "import_job_state", "data_source_disabled")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/jobs/{jobId:guid}/resume")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<ResumeJob>(
            request, call => jobs.RunAsync(call, jobId, "resume", ImportJobs.ResumeAsync, from: ["paused"], settled: "running"));
}
