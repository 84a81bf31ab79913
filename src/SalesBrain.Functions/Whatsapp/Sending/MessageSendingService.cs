using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Sending;

/// <summary>
/// Sends messages that callers of this process have just queued, right after the response, and those that wait for a retry, in time. The
/// timer handles the rest.
/// </summary>
internal sealed class MessageSendingService(
    MessageSender sender, MessageSignal signal, TimeProvider clock, ILogger<MessageSendingService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Later messages are the timer's.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = Timeout.InfiniteTimeSpan;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(wait, stoppingToken);
                await sender.SendDueAsync(stoppingToken);
                wait = await sender.FindNextDueAsync(stoppingToken) is { } next && next - clock.GetUtcNow().UtcDateTime is var left && left <= LongestWait
                    ? (left > ShortestWait ? left : ShortestWait)
                    : Timeout.InfiniteTimeSpan;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The messages stay due; try again when the database is back.
                log.LogWarning(
                    e, "Sending messages paused: {Reason}", e is NpgsqlException ? "the database is not available" : "unexpected error");
                wait = Pause;
            }
        }
    }
}
