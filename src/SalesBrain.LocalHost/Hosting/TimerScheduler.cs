using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>
/// Runs every timer function on its schedule, as the Functions host does: occurrences that pass during a run are made up for by
/// one run right after it, a failed run doesn't stop the next.
/// </summary>
public sealed class TimerScheduler(
    FunctionCatalog catalog, TimerRunner runner, IConfiguration configuration, TimeProvider time, ILogger<TimerScheduler> logger)
    : BackgroundService
{
    /// <summary>
    /// Waits are cut in pieces, so that a clock that is set or a machine that slept is noticed; also, a delay can't be longer than 49 days.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly List<ScheduledTimer> timers = [];

    /// <exception cref="StartupException">A timer's schedule is missing or malformed.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var timer in catalog.Timers)
        {
            var schedule = TimerSchedule.Of(timer, configuration);
            timers.Add(new ScheduledTimer(timer.Name, schedule, now));
            logger.LogInformation("Timer {Timer} runs {Schedule}", timer.Name, CronWords.Describe(schedule.Expression));
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(timers.Select(timer => RunOnScheduleAsync(timer, stoppingToken)));

    private async Task RunOnScheduleAsync(ScheduledTimer timer, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await WaitUntilAsync(timer.Next, stopping);
                var began = time.GetUtcNow().UtcDateTime;
                await RunAsync(timer, stopping);
                timer.Ran(began);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task RunAsync(ScheduledTimer timer, CancellationToken stopping)
    {
        try
        {
            await runner.RunAsync(timer.Name, timer.Info(), stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            logger.LogError(exception, "Timer {Timer} failed", timer.Name);
        }
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken stopping)
    {
        while (due - time.GetUtcNow().UtcDateTime is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, time, stopping);
        }
    }

    private sealed class ScheduledTimer
    {
        private readonly TimerSchedule schedule;
        private readonly bool monitored;
        private DateTime last;

        public ScheduledTimer(string name, TimerSchedule schedule, DateTime now)
        {
            Name = name;
            this.schedule = schedule;
            Next = schedule.NextAfter(now);

            // The Functions host doesn't monitor a schedule that comes more than once a minute.
            monitored = schedule.NextAfter(Next) - Next >= TimeSpan.FromMinutes(1);
        }

        public string Name { get; }

        public DateTime Next { get; private set; }

        /// <summary>
        /// What the Functions host says before a run: Next is the occurrence this run is for, the rest is about the run before.
        /// A run is past due only if it was missed while no host ran, which this host doesn't remember.
        /// </summary>
        public TimerInfo Info() => new()
        {
            ScheduleStatus = monitored ? new ScheduleStatus { Last = last, Next = Next, LastUpdated = last } : null,
        };

        public void Ran(DateTime began)
        {
            // A clock that was set back must not make the same occurrence come again.
            last = began > Next ? began : Next;
            Next = schedule.NextAfter(last);
        }
    }
}
