namespace SalesBrain.Tests.App;

/// <summary>
/// Waiting for something that happens in the background. It usually takes milliseconds; the limit only ends a test that would never end,
/// and is long because the machine may be busy with other things.
/// </summary>
internal static class Eventually
{
    /// <summary>When waiting gives up.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds; fails with its description if it does not within the limit.</summary>
    internal static async Task HoldsAsync(Func<Task<bool>> condition, string description)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"Still not true after {Limit.TotalSeconds} s: {description}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the condition holds; fails with its description if it does not within the limit.</summary>
    internal static Task HoldsAsync(Func<bool> condition, string description) =>
        HoldsAsync(() => Task.FromResult(condition()), description);
}
