namespace SalesBrain.Functions.Live;

/// <summary>Settings <c>Live__…</c>.</summary>
public sealed record LiveOptions
{
    /// <summary>Maximum number of streams and waiting requests of one user, on an instance.</summary>
    public const int PerUser = 20;

    /// <summary>
    /// The longest that a request waits for something to happen. Not a setting: shorter in tests whose clock stands still.
    /// </summary>
    internal TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Maximum number of streams and waiting requests, on an instance.</summary>
    public int StreamsPerInstance { get; init; } = 2000;
}
