using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Imports;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>Runs the jobs that users of this process have just started, right after the response. The timer handles the rest.</summary>
internal sealed class ImportService(ImportRunner runner, ImportSignal signal, ILogger<ImportService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                await runner.RunDueAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The jobs stay due, and the timer is never far.
                log.LogWarning(
                    e, "Running import jobs paused: {Reason}", e is NpgsqlException ? "the database is not available" : "unexpected error");
            }
        }
    }
}
