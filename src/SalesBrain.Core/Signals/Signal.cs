namespace SalesBrain.Core.Signals;

/// <summary>Wakes a worker of this process. Only a shortcut: a timer finds the work as well.</summary>
public abstract class Signal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _raised = new(0, 1);
    private bool _isIdle;

    /// <summary>Whether the worker has done all it was woken for, and waits to be woken again.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _isIdle;
            }
        }
    }

    /// <summary>Wakes the worker; raising twice is the same as once.</summary>
    public void Raise()
    {
        lock (_gate)
        {
            _isIdle = false;
            if (_raised.CurrentCount == 0)
            {
                _raised.Release();
            }
        }
    }

    /// <summary>
    /// Waits until raised; false when <paramref name="limit"/> passed first. A worker that has nothing to do waits without a limit.
    /// </summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var wait = _raised.WaitAsync(limit, cancellationToken);
            // A run that a timer started beside the worker may wait for a while, too.
            if (limit == Timeout.InfiniteTimeSpan)
            {
                _isIdle = !wait.IsCompleted;
            }
            return wait;
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _raised.Dispose();
    }
}
