using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Tests.Hosting.Samples;

public sealed class EveryHour(TimerLog log)
{
    [Function(nameof(EveryHour))]
    public Task RunAsync([TimerTrigger("%Schedules__EveryHour%")] TimerInfo timer, CancellationToken cancellationToken) =>
        log.RunAsync(timer, cancellationToken);
}
