using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>Runs import jobs that are due: after a wait, a slice, or the crash of another instance. Every 15 seconds.</summary>
public sealed class RunImportJobs(TimerRuns runs, ImportRunner runner, ILogger<RunImportJobs> log)
{
    [Function(nameof(RunImportJobs))]
    public Task Run([TimerTrigger("%RunImportJobsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<RunImportJobs>(async () =>
        {
            var taken = await runner.RunDueAsync(cancellationToken);
            log.Log(taken > 0 ? LogLevel.Information : LogLevel.Debug, "Ran {Slices} slices of import jobs", taken);
        });
}
