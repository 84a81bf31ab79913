using System.Diagnostics;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>What telling browsers costs those who make changes, and how soon a browser hears of one.</summary>
internal sealed class LiveScenario
{
    public const string Name = "live";
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly BenchRun _run;
    private readonly EventFlood _flood;
    private readonly LeadWriters _writers;
    private int _turns;

    private LiveScenario(BenchRun run, EventFlood flood) => (_run, _flood, _writers) = (run, flood, new LeadWriters(run, flood.Database));

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var flood = await EventFlood.StartAsync(run, cancellationToken);
        var scenario = new LiveScenario(run, flood);
        await scenario._writers.CreateLeadsAsync(cancellationToken);
        return await scenario.MeasureAsync(cancellationToken);
    }

    private async Task<Section> MeasureAsync(CancellationToken cancellationToken)
    {
        Processing untold = new(), told = new();
        Measure unread = new(), read = new(), unreadCpu = new(), readCpu = new();
        Measure calm = new(), watched = new(), p50 = new(), p99 = new(), rate = new();
        var reopened = 0L;
        await _run.TakeTurnsAsync(Name, async counts =>
        {
            // What comes second meets larger tables: each comes first in every other turn.
            var (withoutTriggers, withTriggers) = await BothAsync(
                () => FloodAsync("disable", cancellationToken), () => FloodAsync("enable", cancellationToken));
            await SwitchAsync("enable", cancellationToken);
            var (withoutReaders, withReaders) = await BothAsync(
                () => WriteAsync(cancellationToken), () => ReadingAsync(_ => WriteAsync(cancellationToken), cancellationToken));
            var (paced, heard) = await BothAsync(
                () => _writers.PaceAsync(cancellationToken),
                () => ReadingAsync(readers => HearAsync(readers, cancellationToken), cancellationToken));
            _turns++;
            if (!counts)
            {
                return;
            }
            untold.Add(withoutTriggers);
            told.Add(withTriggers);
            unread.Add(withoutReaders.PerSecond);
            unreadCpu.Add(withoutReaders.ServerCpuUs);
            read.Add(withReaders.Result.PerSecond);
            readCpu.Add(withReaders.Result.ServerCpuUs);
            calm.Add(paced.Milliseconds.Median);
            watched.Add(heard.Result.Write.Median);
            rate.Add(heard.Result.PerSecond);
            p50.Add(heard.Result.Latency.Percentile(50));
            p99.Add(heard.Result.Latency.Percentile(99));
            reopened += withReaders.Reopened + heard.Reopened;
        });
        var (triggers, streams, pacedCost) = (told.PerSecond.Over(untold.PerSecond), read.Over(unread), calm.Over(watched));
        // A machine that is too busy to make that many changes shows nothing about them.
        var (isFull, made) = (rate.Median >= LeadWriters.PerSecond * 0.95, $"{LeadWriters.PerSecond:N0} changes a second were due, {rate.Median:N0} were made");
        return new Section
        {
            Name = Name,
            Title = "Live updates",
            Method = $"""
                Three comparisons, each in turn on the same database. **Triggers**: the load of "Receiving and processing webhooks" as fast as wrk's {EventFlood.Connections}
                connections go, with the triggers that write live events and without them; events a second are those that were received, over the time until all of
                them were processed. **Streams**: pgbench with 8 clients changes leads, one a transaction, with {LiveReaders.Streams} open streams ({LiveReaders.StreamsPerUser} of each organization's owner,
                so each change is told {LiveReaders.StreamsPerUser} times) and with none. The programs that read the streams run on the same machine and take its processor time, which the
                processor time of PostgreSQL does not contain. **Latency**: 8 writers change {LeadWriters.PerSecond:N0} leads a second, one a transaction; from the return of each commit until
                each of the {LiveReaders.StreamsPerUser} streams that see the lead has the event. Every change must arrive at every one of them exactly once, or the run fails. The same
                writers without a stream give the time of a change to compare with.
                """,
            Claims =
            [
                new(
                    "webhooks received and processed a second with the live triggers", "without them", "≥ 0.9", triggers.Text("0.00"),
                    triggers.Median >= 0.9),
                new(
                    $"changes a second with {LiveReaders.Streams} streams, as fast as they go", "without a stream", "≥ 0.9",
                    streams.Text("0.00"), streams.Median >= 0.9),
                new(
                    $"speed of a change at {LeadWriters.PerSecond:N0} a second with {LiveReaders.Streams} streams", "without a stream",
                    "≥ 0.9", pacedCost.Text("0.00"), pacedCost.Median >= 0.9),
                new(
                    $"live event, from commit to client, {LiveReaders.Streams} streams: p50", made, "< 300 ms", $"{p50.Text("0")} ms",
                    p50.Median < 300 && isFull),
                new("the same: p99", made, "< 1 s", $"{p99.Text("0")} ms", p99.Median < 1000 && isFull),
            ],
            Tables =
            [
                new("Webhooks, received and processed", ["", "without the triggers", "with them", "ratio"],
                [
                    ["events a second", untold.PerSecond.Text("0"), told.PerSecond.Text("0"), triggers.Text("0.00")],
                    ["processor time of PostgreSQL per event, µs", untold.ServerCpuUs.Text("0"), told.ServerCpuUs.Text("0"), told.ServerCpuUs.Over(untold.ServerCpuUs).Text("0.00")],
                ]),
                new("Changes of leads", ["", "without a stream", $"with {LiveReaders.Streams} streams", "ratio"],
                [
                    ["changes a second, as fast as they go", unread.Text("0"), read.Text("0"), streams.Text("0.00")],
                    ["processor time of PostgreSQL per change, µs", unreadCpu.Text("0"), readCpu.Text("0"), readCpu.Over(unreadCpu).Text("0.00")],
                    [$"a change at {LeadWriters.PerSecond:N0} a second, median, ms", calm.Text("0.00"), watched.Text("0.00"), watched.Over(calm).Text("0.00")],
                ]),
                new("From the commit to the client", ["", "median (least–most)"],
                [
                    ["changes a second that the writers made", rate.Text("0")],
                    ["p50, ms", p50.Text("0")],
                    ["p99, ms", p99.Text("0")],
                    ["streams that ended before they were closed, in all turns", $"{reopened}"],
                ]),
            ],
        };
    }

    /// <summary>Both, the second one first in every other turn.</summary>
    private async Task<(TFirst First, TSecond Second)> BothAsync<TFirst, TSecond>(Func<Task<TFirst>> first, Func<Task<TSecond>> second)
    {
        if (_turns % 2 == 0)
        {
            var one = await first();
            return (one, await second());
        }
        var other = await second();
        return (await first(), other);
    }

    private async Task<Flood> FloodAsync(string triggers, CancellationToken cancellationToken)
    {
        await SwitchAsync(triggers, cancellationToken);
        return await _flood.RunAsync(BenchWorld.Organizations, BenchWorld.Campaigns, cancellationToken);
    }

    /// <summary>Disables or enables all triggers that write live events.</summary>
    private Task SwitchAsync(string state, CancellationToken cancellationToken) => _flood.Database.AsOwnerAsync($"""
        do $$
        declare
            t record;
            switched integer := 0;
        begin
            for t in
                select g.tgrelid::regclass as relation, g.tgname
                from pg_trigger g
                join pg_class c on c.oid = g.tgrelid
                where c.relnamespace = 'app'::regnamespace and g.tgname like 'tell\_%' and g.tgparentid = 0
                order by 1, 2
            loop
                execute format('alter table %s {state} trigger %I', t.relation, t.tgname);
                switched := switched + 1;
            end loop;
            assert switched > 0, 'no trigger was found';
        end
        $$
        """, null, cancellationToken);

    /// <summary>As fast as it goes: changes a second, and PostgreSQL's processor time of each.</summary>
    private async Task<(double PerSecond, double ServerCpuUs)> WriteAsync(CancellationToken cancellationToken)
    {
        var before = CpuTime.OfFamily(_run.Server.ProcessId);
        var started = Stopwatch.GetTimestamp();
        var perSecond = await _writers.RunAsync(cancellationToken);
        var changes = perSecond * Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (perSecond, (CpuTime.OfFamily(_run.Server.ProcessId) - before) * 1e6 / changes);
    }

    /// <summary>Something while all streams are open.</summary>
    private async Task<(T Result, long Reopened)> ReadingAsync<T>(Func<LiveReaders, Task<T>> run, CancellationToken cancellationToken)
    {
        await using var readers = await LiveReaders.OpenAsync(_flood.Host, "lead_change", cancellationToken);
        var result = await run(readers);
        return readers.Events > 0 ? (result, readers.Reopened) : throw new InvalidOperationException("No stream received anything.");
    }

    /// <summary>
    /// At a fixed rate, until every stream has what it may see. Throws <see cref="InvalidOperationException"/> if it has not, or twice.
    /// </summary>
    private async Task<(Measure Write, Measure Latency, double PerSecond)> HearAsync(
        LiveReaders readers, CancellationToken cancellationToken)
    {
        // A stream may begin with what happened a moment before it was opened.
        await Task.Delay(Settling, cancellationToken);
        _ = readers.TakeArrivals().Count();
        var started = Stopwatch.GetTimestamp();
        var (committed, milliseconds) = await _writers.PaceAsync(cancellationToken);
        var perSecond = committed.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (expected, arrivals) = (committed.Count * LiveReaders.StreamsPerUser, new List<(Guid Entity, long At)>());
        var waited = Stopwatch.StartNew();
        while (arrivals.Count < expected && waited.Elapsed < ArrivalPatience)
        {
            await Task.Delay(50, cancellationToken);
            arrivals.AddRange(readers.TakeArrivals());
        }
        // Whatever is told twice.
        await Task.Delay(Settling, cancellationToken);
        arrivals.AddRange(readers.TakeArrivals());
        var heard = arrivals.GroupBy(arrival => arrival.Entity).ToList();
        if (heard.Count != committed.Count || heard.Any(lead => lead.Count() != LiveReaders.StreamsPerUser))
        {
            throw new InvalidOperationException($"{arrivals.Count} events about {heard.Count} leads arrived; {expected} were expected.");
        }
        return (milliseconds, new(arrivals.Select(arrival => Stopwatch.GetElapsedTime(committed[arrival.Entity], arrival.At).TotalMilliseconds)), perSecond);
    }

    /// <summary>What processing webhooks came to, turn by turn.</summary>
    private sealed class Processing
    {
        public Measure PerSecond { get; } = new();

        public Measure ServerCpuUs { get; } = new();

        public void Add(Flood flood)
        {
            PerSecond.Add(flood.ProcessedPerSecond);
            ServerCpuUs.Add(flood.Processed.ServerCpu * 1e6 / flood.Result.Requests);
        }
    }
}
