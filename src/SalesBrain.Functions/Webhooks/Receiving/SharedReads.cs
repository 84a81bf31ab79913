namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Shares reads of one key between callers that want it at the same time. Every caller gets a read that began after its call, so what it
/// gets is never older. At most one read of a key runs at a time.
/// </summary>
internal sealed class SharedReads<TKey, TValue>(Func<TKey, Task<TValue>> readAsync)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Reads> _reads = [];

    public Task<TValue> ReadAsync(TKey key)
    {
        lock (_lock)
        {
            if (_reads.TryGetValue(key, out var reads))
            {
                // One is running and may be older than this call.
                return reads.Next ??= RunAsync(key, reads, reads.Current!);
            }
            _reads[key] = reads = new Reads();
            return reads.Current = RunAsync(key, reads, previous: null);
        }
    }

    private async Task<TValue> RunAsync(TKey key, Reads reads, Task? previous)
    {
        await (previous ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (previous is not null)
        {
            lock (_lock)
            {
                (reads.Current, reads.Next) = (reads.Next, null);
            }
        }
        try
        {
            return await readAsync(key);
        }
        finally
        {
            lock (_lock)
            {
                if (reads.Next is null)
                {
                    _reads.Remove(key);
                }
            }
        }
    }

    private sealed class Reads
    {
        public Task<TValue>? Current { get; set; }

        public Task<TValue>? Next { get; set; }
    }
}
