namespace SalesBrain.Core.Signals;

/// <summary>Wakes a worker of this process. Only a shortcut: a timer finds the work as well.</summary>
public abstract class Signal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    /// <summary>Wakes the worker; raising twice is the same as once.</summary>
    public void Raise()
    {
        if (_raised.CurrentCount == 0)
        {
            try
            {
                _raised.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another thread raised it at the same moment.
            }
        }
    }

    /// <summary>Waits until raised; false when <paramref name="limit"/> passed first.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _raised.WaitAsync(limit, cancellationToken);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _raised.Dispose();
    }
}
