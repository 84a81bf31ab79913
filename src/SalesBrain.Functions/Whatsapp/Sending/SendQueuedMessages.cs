using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Whatsapp.Sending;

/// <summary>
/// Sends messages that are due: after a wait, or left over by another instance. Marks those of a crashed instance as unknown. Every 15
/// seconds.
/// </summary>
public sealed class SendQueuedMessages(TimerRuns runs, MessageSender sender, ILogger<SendQueuedMessages> log)
{
    [Function(nameof(SendQueuedMessages))]
    public Task Run([TimerTrigger("%SendQueuedMessagesSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<SendQueuedMessages>(async () =>
        {
            await sender.MaintainAsync(cancellationToken);
            var handled = await sender.SendDueAsync(cancellationToken);
            if (handled > 0)
            {
                await sender.MeasureAsync(cancellationToken);
            }
            log.Log(handled > 0 ? LogLevel.Information : LogLevel.Debug, "Handled {Messages} queued messages", handled);
        });
}
