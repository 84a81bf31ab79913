namespace SalesBrain.Functions.Timers;

/// <summary>Work of timers that is done in batches, each a transaction, so that locks are held briefly.</summary>
internal static class Batches
{
    /// <summary>Repeats a batch until it finds nothing to do. Returns the sum of what the batches returned.</summary>
    internal static async Task<long> RepeatAsync(Func<Task<long>> batch)
    {
        var total = 0L;
        while (await batch() is > 0 and var count)
        {
            total += count;
        }
        return total;
    }

    /// <inheritdoc cref="RepeatAsync(Func{Task{long}})"/>
    internal static Task<long> RepeatAsync(Func<Task<int>> batch) => RepeatAsync(async () => (long)await batch());
}
