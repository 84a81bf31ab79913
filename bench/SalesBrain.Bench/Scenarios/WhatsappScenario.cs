using System.Diagnostics;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Receiving messages of WhatsApp, against receiving webhooks.</summary>
internal static class WhatsappScenario
{
    public const string Name = "whatsapp";
    private const int Connections = 64;
    private const int MostMessages = 5;

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        var events = new EventLoad(run.Tools.Scripts);
        var load = new WhatsappLoad(run.WorkFolder);

        Measure ingest = new(), single = new(), batched = new(), p99 = new(), processed = new();
        await run.TakeTurnsAsync(Name, async counts =>
        {
            var webhooks = await run.Tools.Wrk.RunAsync(
                host.Address, "ingest.lua", Connections, run.Options.Seconds, events.ScriptArguments(EventLoad.Unprocessed),
                cancellationToken);
            var one = await LoadAsync(most: 1);
            var many = await LoadAsync(MostMessages);
            if (counts)
            {
                ingest.Add(webhooks.PerSecond);
                single.Add(one.Received);
                batched.Add(many.Received);
                p99.Add(many.P99);
                processed.Add(many.Processed);
            }
        });
        await EnsureAllStoredAsync(database, cancellationToken);
        Measure p50OfEvent = new(), p99OfEvent = new();
        await run.TakeTurnsAsync($"{Name}, live", async counts =>
        {
            var latency = await WhatsappLatency.MeasureAsync(run, host, database, load, cancellationToken);
            if (counts)
            {
                p50OfEvent.Add(latency.Percentile(50));
                p99OfEvent.Add(latency.Percentile(99));
            }
        });
        await EnsureAllStoredAsync(database, cancellationToken);

        var ratio = batched.Over(ingest);
        var ratioOfSingle = single.Over(ingest);
        return new Section
        {
            Name = Name,
            Title = "Receiving messages of WhatsApp",
            Method = $"""
                wrk with {Connections} connections sends deliveries of Meta to the one URL of all organizations, for the numbers of {BenchWorld.Organizations}
                organizations, each with 1 to {MostMessages} messages of some of 1000 people, as Meta batches them, signed with the app's secret; no two are alike.
                Each delivery is verified, split, deduplicated and answered after its commit, and unlike the events of "Receiving webhooks", which take turns
                with it here, its messages are processed meanwhile: conversations, contacts and messages are written. A turn ends when all are processed.
                **Live event**: {WhatsappLatency.PerSecond} deliveries a second, each with one message, while {LiveReaders.Streams} streams are open ({LiveReaders.StreamsPerUser} of each organization's owner); from when a
                request is due until each stream that sees the conversation has the event `conversation_message`. Every message must arrive at every one of them
                exactly once, or the run fails.
                """,
            Claims =
            [
                new("messages received a second, batched as Meta does", "webhook ingest", "≥ 0.7", ratio.Text("0.00"), ratio.Median >= 0.7),
            ],
            Tables =
            [
                new("Events a second", ["", "median (least–most)"],
                [
                    ["webhook ingest, one event a delivery, not processed", ingest.Text("0")],
                    [$"messages received, 1 to {MostMessages} a delivery", batched.Text("0")],
                    ["messages received, one a delivery", single.Text("0")],
                    ["the same, over webhook ingest", ratioOfSingle.Text("0.00")],
                    ["messages received and processed, over the time until all are", processed.Text("0")],
                    ["p99 of the answers at this rate, ms", p99.Text("0.0")],
                ]),
                new($"From the request to the live event, {WhatsappLatency.PerSecond} messages a second", ["", "median (least–most)"],
                [
                    ["p50, ms", p50OfEvent.Text("0")],
                    ["p99, ms", p99OfEvent.Text("0")],
                ]),
            ],
        };

        async Task<(double Received, double Processed, double P99)> LoadAsync(int most)
        {
            var arguments = load.WriteScript(run.Options.Seconds, most);
            var before = await CountAsync(database, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var result = await run.Tools.Wrk.RunAsync(
                host.Address, "whatsapp.lua", Connections, run.Options.Seconds, arguments, cancellationToken);
            var messages = await CountAsync(database, cancellationToken) - before;
            while (await database.QuerySingleAsync<bool>("select exists (select from app.webhook_log where due_at is not null)", null, cancellationToken))
            {
                await Task.Delay(50, cancellationToken);
            }
            return (messages * 1e6 / result.DurationUs, messages / Stopwatch.GetElapsedTime(started).TotalSeconds, result.P99Us / 1000);
        }
    }

    private static Task<long> CountAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<long>("select count(*) from app.webhook_log where event_source = 'whatsapp'", null, cancellationToken);

    /// <summary>Speed by dropping or doubling messages would be none.</summary>
    private static async Task EnsureAllStoredAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var (logs, messages, conversations, people) = await database.QuerySingleAsync<(long, long, long, long)>("""
            select (select count(*) from app.webhook_log where event_source = 'whatsapp' and status = 'processed'), (select count(*) from app.message),
                (select count(*) from app.conversation), (select count(distinct (organization_id, peer_id)) from app.conversation)
            """, null, cancellationToken);
        if (logs != messages || conversations != people)
        {
            throw new InvalidOperationException(
                $"There are {logs} logs, but {messages} messages; {conversations} conversations of {people} people.");
        }
    }
}
