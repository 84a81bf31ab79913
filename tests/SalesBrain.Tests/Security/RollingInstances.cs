using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Security;

/// <summary>
/// Two instances behind a load balancer: each request goes to either of them. An instance is replaced as a platform does it: the new one is
/// started, gets the requests from then on, and the old one stops after its last response.
/// </summary>
internal sealed class RollingInstances : IAsyncDisposable
{

    private readonly Lock _lock = new();
    private readonly KeyedApp _database;
    private readonly Instance[] _instances;
    private TaskCompletionSource? _paused;
    private long _requests;

    private RollingInstances(KeyedApp database, params Instance[] instances) => (_database, _instances) = (database, instances);

    /// <summary>Makes the test's data; it serves no requests.</summary>
    internal KeyedApp Database => _database;

    /// <summary>Requests that were sent so far.</summary>
    internal long Requests => Interlocked.Read(ref _requests);

    internal static async Task<RollingInstances> StartAsync(TestKeys keys)
    {
        var database = await KeyedApp.StartAsync(keys);
        return new(
            database, new Instance(await KeyedApp.StartAsync(keys, database)), new Instance(await KeyedApp.StartAsync(keys, database)));
    }

    /// <summary>Sends a request to either instance.</summary>
    internal async Task<T> SendAsync<T>(Func<KeyedApp, Task<T>> request)
    {
        Interlocked.Increment(ref _requests);
        var instance = await EnterAsync();
        try
        {
            return await request(instance.App);
        }
        finally
        {
            lock (_lock)
            {
                if (--instance.Running == 0)
                {
                    instance.Idle?.TrySetResult();
                }
            }
        }
    }

    /// <summary>Restarts one of the two instances with other keys.</summary>
    internal async Task RestartAsync(int number, TestKeys keys)
    {
        var next = new Instance(await KeyedApp.StartAsync(keys, _database));
        Instance before;
        Task idle;
        lock (_lock)
        {
            before = _instances[number];
            _instances[number] = next;
            idle = WaitUntilIdle(before);
        }
        await idle.WaitAsync(Eventually.Limit);
        await before.App.DisposeAsync();
    }

    /// <summary>Has time pass between requests: their time limits are measured by the same clock.</summary>
    internal async Task AdvanceAsync(TimeSpan time)
    {
        var resume = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task idle;
        lock (_lock)
        {
            _paused = resume;
            idle = Task.WhenAll(_instances.Select(WaitUntilIdle));
        }
        await idle.WaitAsync(Eventually.Limit);
        _database.Time.Advance(time);
        lock (_lock)
        {
            _paused = null;
        }
        resume.SetResult();
    }

    private async Task<Instance> EnterAsync()
    {
        while (true)
        {
            Task paused;
            lock (_lock)
            {
                if (_paused is null)
                {
                    var instance = _instances[Random.Shared.Next(_instances.Length)];
                    instance.Running++;
                    return instance;
                }
                paused = _paused.Task;
            }
            await paused.WaitAsync(Eventually.Limit);
        }
    }

    private static Task WaitUntilIdle(Instance instance)
    {
        if (instance.Running == 0)
        {
            return Task.CompletedTask;
        }
        instance.Idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return instance.Idle.Task;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.App.DisposeAsync();
        }
        await _database.DisposeAsync();
    }

    private sealed class Instance(KeyedApp app)
    {
        public KeyedApp App { get; } = app;

        public int Running { get; set; }

        public TaskCompletionSource? Idle { get; set; }
    }
}
