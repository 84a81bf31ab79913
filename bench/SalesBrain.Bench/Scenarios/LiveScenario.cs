using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Npgsql;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>What telling browsers costs those who make changes, and how soon a browser hears of one.</summary>
internal sealed class LiveScenario
{
    public const string Name = "live";
    private const int Connections = 64;
    private const int StreamsPerUser = 10;
    private const int Samples = 200;

    private static readonly string[] Tables =
        ["lead", "campaign_counter", "webhook_log", "notification", "user_campaign_assignment", "user_contact_assignment"];

    private readonly BenchRun _run;
    private readonly BenchDatabase _database;
    private readonly SalesBrainHost _host;
    private readonly EventLoad _load;

    private LiveScenario(BenchRun run, BenchDatabase database, SalesBrainHost host)
    {
        _run = run;
        _database = database;
        _host = host;
        _load = new EventLoad(run.Tools.Scripts);
    }

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        return await new LiveScenario(run, database, host).MeasureAsync(cancellationToken);
    }

    private async Task<Section> MeasureAsync(CancellationToken cancellationToken)
    {
        Measure untold = new(), told = new(), read = new(), heard = new();
        Measure p50 = new(), p99 = new();
        await _run.TakeTurnsAsync(Name, async counts =>
        {
            await SwitchAsync("disable", cancellationToken);
            var without = await FloodAsync(cancellationToken);
            await SwitchAsync("enable", cancellationToken);
            var with = await FloodAsync(cancellationToken);
            await using var readers = await Readers.OpenAsync(_host, cancellationToken);
            var withReaders = await FloodAsync(cancellationToken);
            var events = readers.Events;
            var latencies = await MeasureLatencyAsync(readers, cancellationToken);
            if (counts)
            {
                untold.Add(without);
                told.Add(with);
                read.Add(withReaders);
                heard.Add(events);
                p50.Add(latencies.Percentile(50));
                p99.Add(latencies.Percentile(99));
            }
        });
        var (cost, reading) = (told.Over(untold), read.Over(told));
        return new Section
        {
            Name = Name,
            Title = "Live updates",
            Method = $"""
                The load of "Receiving and processing webhooks" as fast as wrk's {Connections} connections go, until everything is processed: first with the triggers
                that write live events switched off, then with them, then with {BenchWorld.Organizations * StreamsPerUser} open streams, of all owners. Events a second are
                those that were received, over the time until all of them were processed. Then, without load, {Samples} notifications one after the other: the time
                from the return of the commit until the user's stream has the event.
                """,
            Claims =
            [
                new("events a second with the triggers, over those without", "–", "≥ 0.90", cost.Text("0.00"), cost.Median >= 0.9),
                new($"events a second with {BenchWorld.Organizations * StreamsPerUser} streams, over those with none", "–", "≥ 0.90", reading.Text("0.00"), reading.Median >= 0.9),
                new("from the commit to the client, p99", "–", "< 1 s", $"{p99.Text("0")} ms", p99.Median < 1000),
            ],
            Tables =
            [
                new("Changes and what is heard of them", ["", "median (least–most)"],
                [
                    ["events a second without the triggers", untold.Text("0")],
                    ["events a second with the triggers", told.Text("0")],
                    ["events a second with the triggers and the streams", read.Text("0")],
                    ["live events that all streams together received meanwhile", heard.Text("0")],
                    ["p50 from the commit to the client, ms", p50.Text("0")],
                    ["p99 from the commit to the client, ms", p99.Text("0")],
                ]),
            ],
        };
    }

    private Task SwitchAsync(string state, CancellationToken cancellationToken) => _database.AsOwnerAsync($"""
        do $$
        declare
            t record;
        begin
            for t in
                select g.tgrelid::regclass as relation, g.tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid
                where c.relnamespace = 'app'::regnamespace and c.relname = any ('{"{" + string.Join(',', Tables) + "}"}') and g.tgname like 'tell\_%'
            loop
                execute format('alter table %s {state} trigger %I', t.relation, t.tgname);
            end loop;
        end
        $$
        """, null, cancellationToken);

    /// <summary>Events a second, received and processed.</summary>
    private async Task<double> FloodAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await _run.Tools.Wrk.RunAsync(
            _host.Address, "ingest.lua", Connections, _run.Options.Seconds, _load.ScriptArguments(EventLoad.Processed), cancellationToken);
        while (await _database.QuerySingleAsync<long>("select count(*) from app.webhook_log where due_at is not null", null, cancellationToken) > 0)
        {
            await Task.Delay(20, cancellationToken);
        }
        return result.Requests / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<Measure> MeasureLatencyAsync(Readers readers, CancellationToken cancellationToken)
    {
        // What the load left is told first.
        await Task.Delay(2000, cancellationToken);
        var latencies = new Measure();
        await using var connection = new NpgsqlConnection(_database.Connections.Owner);
        await connection.OpenAsync(cancellationToken);
        for (var i = 0; i < Samples; i++)
        {
            var (id, organization) = (Guid.CreateVersion7(), BenchWorld.Id(1 + (i % BenchWorld.Organizations)));
            var arrival = readers.Expect(id);
            await using var insert = new NpgsqlCommand($"""
                insert into app.notification (id, organization_id, user_id, type, title, body, burst_key, burst_at)
                values ('{id}', '{organization}', '{organization}', 'email.replied', 'Title', 'Body', '{id}', now())
                """, connection);
            await insert.ExecuteNonQueryAsync(cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            latencies.Add(Stopwatch.GetElapsedTime(committed, await arrival.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken)).TotalMilliseconds);
            // Not always at the same moment of a tick.
            await Task.Delay(Random.Shared.Next(50), cancellationToken);
        }
        return latencies;
    }

    /// <summary>Open streams of all organizations' owners.</summary>
    private sealed class Readers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { Timeout = Timeout.InfiniteTimeSpan };
        private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _expected = new();
        private readonly List<Task> _reading = [];
        private long _events;

        internal long Events => Interlocked.Read(ref _events);

        internal static async Task<Readers> OpenAsync(SalesBrainHost host, CancellationToken cancellationToken)
        {
            var readers = new Readers();
            for (var organization = 1; organization <= BenchWorld.Organizations; organization++)
            {
                var id = BenchWorld.Id(organization);
                var token = host.TokenFor(id, Role.Owner, id);
                for (var i = 0; i < StreamsPerUser; i++)
                {
                    var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/v1/events"));
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    request.Headers.Accept.ParseAdd("text/event-stream");
                    var response = await readers._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                    response.EnsureSuccessStatusCode();
                    readers._reading.Add(readers.ReadAsync(response));
                }
            }
            return readers;
        }

        /// <summary>When the first stream has the event about the entity.</summary>
        internal Task<long> Expect(Guid entity) =>
            _expected.GetOrAdd($"{entity}", _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_reading);
            _http.Dispose();
            _stop.Dispose();
        }

        private async Task ReadAsync(HttpResponseMessage response)
        {
            try
            {
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (!line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        continue;
                    }
                    Interlocked.Increment(ref _events);
                    if (_expected.Keys.FirstOrDefault(id => line.Contains(id, StringComparison.Ordinal)) is { } found && _expected.TryRemove(found, out var arrival))
                    {
                        arrival.TrySetResult(Stopwatch.GetTimestamp());
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Closed.
            }
            finally
            {
                response.Dispose();
            }
        }
    }
}
