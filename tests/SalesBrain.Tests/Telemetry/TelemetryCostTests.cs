using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Telemetry;

namespace SalesBrain.Tests.Telemetry;

public sealed class TelemetryCostTests
{
    [Fact]
    public void Without_a_listener_spans_and_metrics_of_an_event_allocate_nothing()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new WebhookMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        Assert.False(Tracing.Source.HasListeners());
        Event();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Event();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Event()
        {
            using var span = Tracing.Source.StartActivity("verify webhook");
            metrics.Received("custom", isDuplicate: true, isIgnored: false);
            metrics.Attempted("custom", ProcessingOutcome.Dead, isRetry: true, TimeSpan.FromMilliseconds(3));
        }
    }
}
