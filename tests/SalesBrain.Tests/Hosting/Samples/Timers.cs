using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Tests.Hosting.Samples;

public sealed class EveryHour(TimerLog log)
{
    [Function(nameof(EveryHour))]
    public Task RunAsync([TimerTrigger("%EveryHourSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        log.RunAsync(timer, cancellationToken);
}
