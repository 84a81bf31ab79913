namespace SalesBrain.Integrations.Outbound;

/// <summary>Limits of a request to a source. Tests have smaller ones.</summary>
public sealed record OutboundLimits
{
    /// <summary>Until the response's headers have arrived, for one attempt.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For a request with its retries and the response's body.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Largest body in bytes, after decompression.</summary>
    public int MaxBody { get; init; } = 10 * 1024 * 1024;

    /// <summary>Retries of a request that costs nothing, after a 5xx or a broken connection.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Before the first retry. Each further one waits twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public int MaxRedirects { get; init; } = 3;
}
