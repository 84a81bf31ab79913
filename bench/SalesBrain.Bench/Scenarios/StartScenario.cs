using SalesBrain.Bench.Reports;

namespace SalesBrain.Bench.Scenarios;

/// <summary>From the start of the process to its first answer, the database being up.</summary>
internal static class StartScenario
{
    public const string Name = "start";

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        Measure milliseconds = new(), megabytes = new();
        await run.TakeTurnsAsync(Name, async counts =>
        {
            await using var host = await run.StartHostAsync(database, cancellationToken);
            if (counts)
            {
                milliseconds.Add(host.StartTime.TotalMilliseconds);
                megabytes.Add(host.ReadMemory().Now / 1e6);
            }
        });
        return new Section
        {
            Name = Name,
            Title = "Starting",
            Method = """
                The program built for Release (`dotnet SalesBrain.LocalHost.dll`) on a database that is up and migrated, until it has answered
                `GET /api/health/ready`, which asks the database; asked every 5 ms.
                """,
            Claims =
            [
                new(
                    "start of the process to first answered request, database up", "–", "< 1.5 s", $"{milliseconds.Text("0")} ms",
                    milliseconds.Median < 1500),
            ],
            Tables = [new("Memory after that answer", ["", "median (least–most)"], [["resident, MB", megabytes.Text("0")]])],
        };
    }
}
