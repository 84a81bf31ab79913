using System.Diagnostics;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>
/// What measurements of processing webhooks share: an empty database, a host, and events with effects, sent as fast as they are answered.
/// </summary>
internal sealed class EventFlood : IAsyncDisposable
{
    public const int Connections = 64;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(5);

    private readonly BenchRun _run;

    private EventFlood(BenchRun run, BenchDatabase database, SalesBrainHost host)
    {
        (_run, Database, Host) = (run, database, host);
        Load = new EventLoad(run.Tools.Scripts);
    }

    public BenchDatabase Database { get; }

    public SalesBrainHost Host { get; }

    public EventLoad Load { get; }

    public static async Task<EventFlood> StartAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        var flood = new EventFlood(run, database, await run.StartHostAsync(database, cancellationToken));
        try
        {
            await flood.SendFirstAsync(cancellationToken);
            return flood;
        }
        catch
        {
            await flood.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>As fast as it goes, and then until everything is processed.</summary>
    public async Task<Flood> RunAsync(int organizations, int campaigns, CancellationToken cancellationToken)
    {
        var before = await ReadCountersAsync(cancellationToken);
        var result = await _run.Tools.Wrk.RunAsync(
            Host.Address, "ingest.lua", Connections, _run.Options.Seconds,
            Load.ScriptArguments(EventLoad.Processed, organizations, campaigns), cancellationToken);
        var left = await CountWaitingAsync(cancellationToken);
        var received = await ReadCountersAsync(cancellationToken) - before;
        var drained = await DrainAsync(cancellationToken);
        return new(result, received, await ReadCountersAsync(cancellationToken) - before, left, drained);
    }

    public Task<ServerCounters> ReadCountersAsync(CancellationToken cancellationToken) =>
        ServerCounters.ReadAsync(_run.Server, Database, Host.ProcessId, cancellationToken);

    /// <summary>Events that are not processed yet.</summary>
    public Task<long> CountWaitingAsync(CancellationToken cancellationToken) =>
        Database.QuerySingleAsync<long>("select count(*) from app.webhook_log where due_at is not null", null, cancellationToken);

    /// <summary>
    /// How long it took until nothing was waiting. Throws <see cref="InvalidOperationException"/> when an event failed or it takes too
    /// long.
    /// </summary>
    public async Task<TimeSpan> DrainAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (await CountWaitingAsync(cancellationToken) is > 0 and var left)
        {
            var failed = await Database.QuerySingleAsync<long>(
                "select count(*) from app.webhook_log where status in ('failed', 'dead')", null, cancellationToken);
            if (failed > 0 || waited.Elapsed > DrainPatience)
            {
                throw new InvalidOperationException(
                    $"{failed} events failed, and {left} are still not processed after {waited.Elapsed.TotalSeconds:0} s.");
            }
            await Task.Delay(20, cancellationToken);
        }
        return waited.Elapsed;
    }

    /// <summary>
    /// An event for each organization, until all are processed. A process that has just started compiles and opens connections first; on a
    /// busy machine that takes longer than a short turn, in which wrk then gets no answer at all.
    /// </summary>
    private async Task SendFirstAsync(CancellationToken cancellationToken)
    {
        var create = Load.Requests(EventLoad.Processed);
        await Task.WhenAll(Enumerable.Range(0, BenchWorld.Organizations).Select(async _ =>
        {
            using var request = create();
            using var response = await Host.Http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(
                    $"The first events were answered {(int)response.StatusCode}: "
                    + $"{await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }));
        await DrainAsync(cancellationToken);
    }
}

/// <summary>What a flood came to.</summary>
/// <param name="Received">What was used from the first event to the last answer.</param>
/// <param name="Processed">What was used until everything was processed.</param>
/// <param name="Left">Events that were not processed yet at the last answer.</param>
/// <param name="Drained">How long those took then.</param>
internal sealed record Flood(WrkResult Result, ServerCounters Received, ServerCounters Processed, long Left, TimeSpan Drained)
{
    /// <summary>Events a second, from the first request until all were processed.</summary>
    public double ProcessedPerSecond => Result.Requests / ((Result.DurationUs / 1e6) + Drained.TotalSeconds);
}
