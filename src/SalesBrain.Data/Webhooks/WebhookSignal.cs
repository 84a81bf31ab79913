namespace SalesBrain.Data.Webhooks;

/// <summary>Tells this process's own processor that logs are waiting. Only a shortcut: the timer finds them as well.</summary>
public sealed class WebhookSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    /// <summary>Wakes the processor; raising twice is the same as once.</summary>
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
                // Somebody else raised it at the same moment.
            }
        }
    }

    /// <summary>Waits until raised; false when <paramref name="limit"/> passed first.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _raised.WaitAsync(limit, cancellationToken);

    public void Dispose() => _raised.Dispose();
}
