namespace SalesBrain.Functions.Http.Responses;

/// <summary>Settings <c>Responses__…</c>.</summary>
public sealed record ResponseOptions
{
    /// <summary>How long a client may take without keeping up with <see cref="MinBytesPerSecond"/>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The slowest rate at which a client may read a response that does not fit into the buffers on the way.</summary>
    public int MinBytesPerSecond { get; init; } = 4096;

    /// <summary>Maximum number of rows in an export of leads.</summary>
    public int ExportMaxRows { get; init; } = 100_000;

    /// <summary>Maximum number of exports at a time of one organization, on an instance.</summary>
    public int ExportsPerOrganization { get; init; } = 3;

    /// <summary>Maximum number of exports at a time on an instance.</summary>
    public int ExportsPerInstance { get; init; } = 20;
}
