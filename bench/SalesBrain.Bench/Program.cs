using System.Runtime.InteropServices;
using SalesBrain.Bench;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Scenarios;
using SalesBrain.Bench.Servers;
using SalesBrain.LocalHost.Startup;

// In the order of the report.
var scenarios = new Dictionary<string, Func<BenchRun, CancellationToken, Task<Section>>>
{
    [IngestScenario.Name] = IngestScenario.RunAsync,
    [ProcessingScenario.Name] = ProcessingScenario.RunAsync,
    [WhatsappScenario.Name] = WhatsappScenario.RunAsync,
    [LiveScenario.Name] = LiveScenario.RunAsync,
    [ImportScenario.Name] = ImportScenario.RunAsync,
    [LogsScenario.Name] = LogsScenario.RunAsync,
    [StatsScenario.Name] = StatsScenario.RunAsync,
    [LeadsScenario.Name] = LeadsScenario.RunAsync,
    [AnalyticsScenario.Name] = AnalyticsScenario.RunAsync,
    [GetScenario.Name] = GetScenario.RunAsync,
    [AssignScenario.Name] = AssignScenario.RunAsync,
    [StartScenario.Name] = StartScenario.RunAsync,
};

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

try
{
    var options = BenchOptions.Parse(args, [.. scenarios.Keys]);
    var repository = RepositoryFolder.Find();
    var work = Directory.CreateDirectory(Path.Combine(repository, ".local", "bench")).FullName;
    var tools = new BenchTools(repository, work);
    await using var server = await BenchServer.StartAsync(repository, work, stop.Token);
    var run = new BenchRun(options, repository, work, server, tools);
    var report = options.Quick
        ? new Report(Path.Combine(work, "results-quick"), Path.Combine(work, "performance-quick.md"))
        : new Report(
            Path.Combine(repository, "bench", "results"), Path.Combine(repository, "docs", "performance.md"),
            Path.Combine(repository, "bench", "comparisons.md"));
    var circumstances = await Circumstances.ReadAsync(run, stop.Token);
    foreach (var name in scenarios.Keys.Where(options.Scenarios.Contains))
    {
        var load = Circumstances.ReadLoadAverage();
        var section = await scenarios[name](run, stop.Token);
        report.Keep(
            section with
            {
                Circumstances = circumstances with { LoadAverage = $"{load} before, {Circumstances.ReadLoadAverage()} after" },
            });
        Console.WriteLine($"{name} done; see {Path.GetRelativePath(repository, report.Write(scenarios.Keys))}.");
    }
    return 0;
}
catch (Exception e) when (e is StartupException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
