using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Security;

/// <summary>
/// Callers that repeat what they do, in parallel, until they are stopped. The first failure of any of them fails the test.
/// </summary>
internal sealed class ParallelCallers : IAsyncDisposable
{

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _callers = [];
    private readonly List<int> _rounds = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a caller; <paramref name="round"/> is what it repeats.</summary>
    internal void Add(Func<Task> round)
    {
        int index;
        lock (_lock)
        {
            index = _rounds.Count;
            _rounds.Add(0);
        }
        _callers.Add(Task.Run(async () =>
        {
            try
            {
                while (!_stop.IsCancellationRequested)
                {
                    await round();
                    Progressed(index);
                }
            }
            catch
            {
                Progressed(index);
                throw;
            }
        }));
    }

    /// <summary>Returns when every caller has begun and completed that many more rounds.</summary>
    internal async Task CompleteRoundsAsync(int rounds = 1)
    {
        int[] goals;
        lock (_lock)
        {
            // One more: the round that runs now began before.
            goals = [.. _rounds.Select(completed => completed + rounds + 1)];
        }
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (true)
        {
            Task progress;
            lock (_lock)
            {
                progress = _progress.Task;
                if (_rounds.Zip(goals).All(caller => caller.First >= caller.Second))
                {
                    return;
                }
            }
            if (_callers.Find(caller => caller.IsFaulted) is { } failed)
            {
                await failed;
            }
            await progress.WaitAsync(limit.Token);
        }
    }

    /// <summary>Stops all callers after their round; throws what any of them threw.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers).WaitAsync(Eventually.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // The failure of a caller has failed the test already.
        await Task.WhenAll(_callers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Progressed(int index)
    {
        TaskCompletionSource progress;
        lock (_lock)
        {
            _rounds[index]++;
            (progress, _progress) = (_progress, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        progress.SetResult();
    }
}
