namespace SalesBrain.Tests;

/// <summary>
/// A clock that moves only when told to. Timers (also those of <c>Task.Delay</c>, <c>WaitAsync</c> and cancellation sources
/// given this provider) fire inside <see cref="Advance"/>, in the order they are due, each seeing its own due time.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> armed = [];
    private readonly List<(int Timers, TaskCompletionSource Signal)> awaiting = [];
    private DateTimeOffset utcNow = start.ToUniversalTime();
    private TimeSpan elapsed;

    /// <summary>Starts on Thursday 15 January 2026, 12:00 UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The time now. Setting it later advances; setting it earlier corrects the clock without touching timers.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (gate)
            {
                return utcNow;
            }
        }

        set
        {
            TimeSpan ahead;
            lock (gate)
            {
                ahead = value - utcNow;
                if (ahead <= TimeSpan.Zero)
                {
                    utcNow = value.ToUniversalTime();
                    return;
                }
            }

            Advance(ahead);
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => UtcNow;

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return elapsed.Ticks;
        }
    }

    /// <summary>Lets time pass and fires every timer that becomes due, on the calling thread.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (gate)
        {
            target = elapsed + by;
        }

        while (TakeDue(target) is { } timer)
        {
            // Outside the lock: a callback may read the clock and arm timers.
            timer.Fire();
        }
    }

    /// <summary>
    /// Completes when that many timers are armed. Await it before <see cref="Advance"/> when other threads wait on this clock:
    /// one that arms its timer a moment later would miss the advance.
    /// </summary>
    public Task WhenWaitingAsync(int timers = 1)
    {
        lock (gate)
        {
            if (armed.Count >= timers)
            {
                return Task.CompletedTask;
            }

            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaiting.Add((timers, signal));
            return signal.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock to the earliest timer due by then, or to the target if there is none.</summary>
    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (gate)
        {
            var next = armed.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            var reached = next is null ? target : next.Due;
            if (reached > elapsed)
            {
                utcNow += reached - elapsed;
                elapsed = reached;
            }

            if (next is { Period: var period } && period > TimeSpan.Zero)
            {
                next.Due += period;
            }
            else if (next is not null)
            {
                armed.Remove(next);
            }

            return next;
        }
    }

    private void Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        bool dueAtOnce;
        lock (gate)
        {
            armed.Remove(timer);
            timer.Period = period;
            timer.Due = elapsed + dueTime;
            dueAtOnce = dueTime == TimeSpan.Zero;
            if (dueTime > TimeSpan.Zero)
            {
                armed.Add(timer);
            }
            else if (dueAtOnce && period > TimeSpan.Zero)
            {
                timer.Due += period;
                armed.Add(timer);
            }

            foreach (var (_, signal) in awaiting.FindAll(item => armed.Count >= item.Timers))
            {
                signal.TrySetResult();
            }

            awaiting.RemoveAll(item => armed.Count >= item.Timers);
        }

        if (dueAtOnce)
        {
            // As with a real timer, never inside the call that arms it.
            ThreadPool.QueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
        }
    }

    private void Disarm(ManualTimer timer)
    {
        lock (gate)
        {
            armed.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (disposed)
            {
                return false;
            }

            clock.Arm(this, dueTime, period);
            return true;
        }

        public void Dispose()
        {
            disposed = true;
            clock.Disarm(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
