using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Bench;

/// <summary>What to measure and how long.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        "usage: bench/run.sh [all | ingest | processing | whatsapp | live | import | logs | stats | leads | analytics | get | assign | "
        + "start] ... [--quick] [--rows N] [--small-rows N] [--lead-rows N] [--import-rows N] [--turns N] [--seconds N] [--fresh]";

    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Small sizes, to see that everything works; the numbers mean little and go to <c>.local/bench</c>.</summary>
    public bool Quick { get; init; }

    /// <summary>Webhook logs of the large data set.</summary>
    public int Rows { get; init; } = 10_000_000;

    /// <summary>Webhook logs of the small data set that the large one is compared with.</summary>
    public int SmallRows { get; init; } = 100_000;

    /// <summary>Leads of the large data set; the small one has a tenth of them.</summary>
    public int LeadRows { get; init; } = 1_000_000;

    /// <summary>Rows of the largest imported file; a turn imports a tenth of them.</summary>
    public int ImportRows { get; init; } = 500_000;

    /// <summary>How often everything is measured, in turn.</summary>
    public int Turns { get; init; } = 5;

    /// <summary>Seconds of load of one turn.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Makes the data sets anew although they are there.</summary>
    public bool Fresh { get; init; }

    /// <summary>Throws <see cref="StartupException"/> with the usage for anything it does not know.</summary>
    public static BenchOptions Parse(string[] args, IReadOnlyList<string> known)
    {
        var options = args.Contains("--quick")
            ? new BenchOptions
            {
                Quick = true,
                Rows = 100_000,
                SmallRows = 10_000,
                LeadRows = 50_000,
                ImportRows = 20_000,
                Turns = 2,
                Seconds = 3,
            }
            : new BenchOptions();
        var scenarios = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            int Number() =>
                i + 1 < args.Length && int.TryParse(args[++i], out var number) && number > 0 ? number : throw new StartupException(Usage);
            switch (args[i])
            {
                case "--quick":
                    break;
                case "--fresh":
                    options = options with { Fresh = true };
                    break;
                case "--rows":
                    options = options with { Rows = Number() };
                    break;
                case "--small-rows":
                    options = options with { SmallRows = Number() };
                    break;
                case "--lead-rows":
                    options = options with { LeadRows = Number() };
                    break;
                case "--import-rows":
                    options = options with { ImportRows = Number() };
                    break;
                case "--turns":
                    options = options with { Turns = Number() };
                    break;
                case "--seconds":
                    options = options with { Seconds = Number() };
                    break;
                case "all":
                    scenarios.AddRange(known);
                    break;
                case var name when known.Contains(name):
                    scenarios.Add(name);
                    break;
                default:
                    throw new StartupException(Usage);
            }
        }
        return options with { Scenarios = scenarios.Count == 0 ? known : scenarios.Distinct().ToList() };
    }
}
