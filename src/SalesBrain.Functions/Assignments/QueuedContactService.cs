using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Assigns the contacts that this process has just queued, right after their webhooks. The timer handles the rest.</summary>
internal sealed class QueuedContactService(AssignmentDrain drain, AssignmentSignal signal, ILogger<QueuedContactService> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                await drain.AssignNewAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The contacts stay in the queue, and the timer is never far.
                log.LogWarning(
                    e, "Assigning new contacts paused: {Reason}",
                    e is NpgsqlException ? "the database is not available" : "unexpected error");
            }
        }
    }
}
