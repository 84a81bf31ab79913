using SalesBrain.Bench.Reports;

namespace SalesBrain.Bench.Scenarios;

/// <summary>What an event cost, turn by turn.</summary>
internal sealed class Breakdown
{
    private readonly Measure _processUs = new();
    private readonly Measure _serverUs = new();
    private readonly Measure _loadUs = new();
    private readonly Measure _batch = new();
    private readonly Measure _storeMs = new();
    private readonly Measure _syncs = new();
    private readonly Measure _syncMs = new();

    public void Add(ServerCounters costs, long events)
    {
        _processUs.Add(costs.ProcessCpu * 1e6 / events);
        _serverUs.Add(costs.ServerCpu * 1e6 / events);
        _loadUs.Add(costs.LoadCpu * 1e6 / events);
        _batch.Add((double)events / Math.Max(1, costs.Stores));
        _storeMs.Add(costs.StoreMs / Math.Max(1, costs.Stores));
        _syncs.Add(costs.Syncs * 1000.0 / events);
        _syncMs.Add(costs.SyncMs / Math.Max(1, costs.Syncs));
    }

    /// <summary>Side by side.</summary>
    public static Table Compare(string title, params (string Name, Breakdown Costs)[] sides)
    {
        IReadOnlyList<string> Row(string name, Func<Breakdown, Measure> measure, string format) =>
            [name, .. sides.Select(side => measure(side.Costs).Text(format))];

        return new(title, ["", .. sides.Select(side => side.Name)],
        [
            Row("processor time of the service per event, µs", costs => costs._processUs, "0"),
            Row("processor time of PostgreSQL per event, µs", costs => costs._serverUs, "0"),
            Row("processor time of the load generator per event, µs", costs => costs._loadUs, "0"),
            Row("events per storing statement and commit", costs => costs._batch, "0.0"),
            Row("a storing statement without its commit, ms", costs => costs._storeMs, "0.00"),
            Row("times the log was forced to disk per 1,000 events", costs => costs._syncs, "0"),
            Row("forcing the log to disk once, ms", costs => costs._syncMs, "0.00"),
        ]);
    }
}
