using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>The list of webhook logs on a large data set, against its own statements in psql and against a small data set.</summary>
internal static class LogsScenario
{
    public const string Name = "logs";

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var large = await run.OpenLogsAsync(run.Options.Rows, cancellationToken);
        var small = await run.OpenLogsAsync(run.Options.SmallRows, cancellationToken);
        await using var largeHost = await run.StartHostAsync(large.Database, cancellationToken);
        await using var smallHost = await run.StartHostAsync(small.Database, cancellationToken);

        await CreateContactsWithoutLogsAsync(large.Database, cancellationToken);
        await CreateContactsWithoutLogsAsync(small.Database, cancellationToken);

        var results = new List<LogsResult>();
        foreach (var logs in LogsCase.All(large.Until))
        {
            results.Add(new LogsResult(
                logs,
                await logs.FindPageAsync(largeHost, cancellationToken),
                await logs.FindPageAsync(smallHost, cancellationToken)));
        }
        await run.TakeTurnsAsync(Name, async counts =>
        {
            foreach (var result in results)
            {
                var token = result.Case.TokenFor(largeHost);
                var http = (await Sampling.TimeAsync(() => largeHost.GetAsync(result.LargePath, token, cancellationToken))).Median;
                var httpSmall = (await Sampling.TimeAsync(
                    () => smallHost.GetAsync(result.SmallPath, result.Case.TokenFor(smallHost), cancellationToken))).Median;
                if (!counts)
                {
                    result.Statements = await StatementCapture.OfAsync(
                        large.Database, () => largeHost.GetAsync(result.LargePath, token, cancellationToken), cancellationToken);
                    continue;
                }
                var times = (int)Math.Clamp(1000 / http, 1, 50);
                var login = result.Case.AsOperator ? large.Database.Connections.Platform : large.Database.Connections.Tenant;
                var sql = await run.Tools.Psql.TimeAsync(login, result.Statements, Math.Min(times, 6), times, cancellationToken);
                result.Add(http, sql.Median, httpSmall);
            }
        });
        return Describe(run, results);
    }

    /// <summary>
    /// Creates 2,000 contacts if they are missing: so many that the app searches the newest logs for a term that matches them.
    /// </summary>
    private static Task CreateContactsWithoutLogsAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        database.AsOwnerAsync("""
            insert into app.contact (organization_id, email, email_norm)
            select @organization, @WithoutLogs || n || '@example.org', @WithoutLogs || n || '@example.org'
            from generate_series(1, 2000) n
            on conflict (organization_id, email_norm) do nothing
            """, new { organization = BenchWorld.Id(LogDataSet.LargestOrganization), LogsCase.WithoutLogs }, cancellationToken);

    private static Section Describe(BenchRun run, List<LogsResult> results)
    {
        var (rows, smallRows) = ($"{run.Options.Rows:N0}", $"{run.Options.SmallRows:N0}");
        return new Section
        {
            Name = Name,
            Title = "Listing webhook logs",
            Method = $"""
                {rows} logs of half a year in {BenchWorld.Organizations} organizations (25 %, 15 %, 10 %, the others alike); the caller owns the
                largest one, or is a platform operator who sees all. One request after the other, 100 rows a page where nothing else is said;
                a turn's value is the median of up to 50. The statements in psql are the very ones the app sent for the request, caught in
                the server's log, context for row-level security included; prepared, as the app has them, timed by psql without beginning and
                ending the transaction. The small data set has {smallRows} logs, made in the same way, on the same server. A search term that is
                common is searched in 20,000 logs for a page: "every contact" matches all logs, "contacts without logs" 2,000 contacts and no log,
                which is the worst case. The other term matches 1.1 % of the contacts: 111 of each organization here, 1 there. So a search finds
                and counts a hundred times as many logs here, which is why its time is not that of the small data set.
                """,
            Claims =
            [
                Summary("the same statements in psql", "≤ 1.5 × + 5 ms", results, result => result.IsNearSql, result => result.AgainstSql),
                Summary($"{smallRows} rows", "≤ 1.5 ×", results, result => result.IsNearSmall, result => result.AgainstSmall),
                Slowest(results.FindAll(result => result.Case.IsSearch)),
            ],
            Tables =
            [
                new($"Milliseconds, median (least–most), {rows} rows", ["", "GET", "in psql", $"GET, {smallRows} rows", "GET / psql", $"{rows} / {smallRows}"],
                    [.. results.Select(result => result.Cells())]),
            ],
        };
    }

    private static Claim Slowest(List<LogsResult> results)
    {
        var slowest = results.MaxBy(result => result.Milliseconds.Median)!;
        return new Claim(
            "`GET /logs?search=…`, the slowest", "–", "< 300 ms", $"{slowest.Milliseconds.Text("0")} ms ({slowest.Case.Name})",
            slowest.Milliseconds.Median < 300);
    }

    private static Claim Summary(
        string against, string target, List<LogsResult> results, Predicate<LogsResult> isMet, Func<LogsResult, Measure> ratio)
    {
        var worst = results.MaxBy(result => isMet(result) ? ratio(result).Median - 1000 : ratio(result).Median)!;
        return new Claim(
            "`GET /logs`, first page, page 1,000 by cursor, each single filter", against, target,
            $"{results.Count(result => isMet(result))} of {results.Count} lists; the worst ({worst.Case.Name}): "
            + $"{ratio(worst).Text("0.00")} ×",
            results.TrueForAll(isMet));
    }
}

/// <summary>What was measured of one list, in milliseconds.</summary>
internal sealed class LogsResult(LogsCase logs, string largePath, string smallPath)
{
    private readonly Measure _http = new();
    private readonly Measure _sql = new();
    private readonly Measure _small = new();

    public LogsCase Case { get; } = logs;

    public string LargePath { get; } = largePath;

    public string SmallPath { get; } = smallPath;

    public IReadOnlyList<CapturedStatement> Statements { get; set; } = [];

    public Measure Milliseconds => _http;

    public Measure AgainstSql => _http.Over(_sql);

    public Measure AgainstSmall => _http.Over(_small);

    public bool IsNearSql => _http.Median <= (1.5 * _sql.Median) + 5;

    public bool IsNearSmall => AgainstSmall.Median <= 1.5;

    public void Add(double http, double sql, double small)
    {
        _http.Add(http);
        _sql.Add(sql);
        _small.Add(small);
    }

    public IReadOnlyList<string> Cells() =>
        [Case.Name, _http.Text("0.0"), _sql.Text("0.0"), _small.Text("0.0"), AgainstSql.Text("0.00"), AgainstSmall.Text("0.00")];
}
