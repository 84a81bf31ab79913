using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Runs the timer functions that were fired by hand.</summary>
public sealed class ManualTimers : BackgroundService
{
    private readonly TimerRunner runner;
    private readonly ILogger<ManualTimers> logger;
    private readonly Dictionary<string, Channel<string>> waiting;

    public ManualTimers(FunctionCatalog catalog, TimerRunner runner, ILogger<ManualTimers> logger)
    {
        this.runner = runner;
        this.logger = logger;

        // One waiting run serves all calls made before it starts.
        waiting = catalog.Timers.ToDictionary(
            timer => timer.Name,
            _ => Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Runs the timer once after this call, as soon as a current run has ended. False if there is no timer with that name.
    /// </summary>
    public bool Fire(string name) => waiting.TryGetValue(name, out var queue) && queue.Writer.TryWrite(name);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(waiting.Values.Select(queue => RunFiredAsync(queue.Reader, stoppingToken)));

    private async Task RunFiredAsync(ChannelReader<string> fired, CancellationToken stopping)
    {
        try
        {
            await foreach (var name in fired.ReadAllAsync(stopping))
            {
                await RunAsync(name, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task RunAsync(string name, CancellationToken stopping)
    {
        try
        {
            await runner.RunAsync(name, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            logger.LogError(exception, "Timer {Timer} failed", name);
        }
    }
}
