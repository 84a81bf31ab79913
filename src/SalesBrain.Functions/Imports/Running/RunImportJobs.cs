using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>Runs import jobs that are due: after a wait, a slice, or the crash of another instance. Every 15 seconds.</summary>
public sealed class RunImportJobs(TimerRuns runs, ImportRunner runner)
{
    [Function(nameof(RunImportJobs))]
    public Task Run([TimerTrigger("%RunImportJobsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<RunImportJobs>(() => runner.RunDueAsync(cancellationToken));
}
