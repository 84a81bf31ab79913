using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Bench.Scenarios;

/// <summary>How soon an open stream hears of a message that WhatsApp delivers.</summary>
internal static class WhatsappLatency
{
    /// <summary>Deliveries, of one message each.</summary>
    public const int PerSecond = 200;

    private const int Connections = 32;
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Milliseconds from when each request was due until each stream had the event. Throws <see cref="InvalidOperationException"/> if a
    /// message does not arrive at every stream once.
    /// </summary>
    public static async Task<Measure> MeasureAsync(
        BenchRun run, SalesBrainHost host, BenchDatabase database, WhatsappLoad load, CancellationToken cancellationToken)
    {
        await using var readers = await LiveReaders.OpenAsync(host, "conversation_message", cancellationToken);
        // A stream may begin with what happened a moment before it was opened.
        await Task.Delay(Settling, cancellationToken);
        _ = readers.TakeArrivals().Count();
        var sent = await SendAsync(run.Options.Seconds * PerSecond, host, load, cancellationToken);

        var (expected, arrivals, waited) = (sent.Count * LiveReaders.StreamsPerUser, new List<(Guid Entity, long At)>(), Stopwatch.StartNew());
        while (arrivals.Count < expected && waited.Elapsed < ArrivalPatience)
        {
            await Task.Delay(50, cancellationToken);
            arrivals.AddRange(readers.TakeArrivals());
        }
        // Whatever is told twice.
        await Task.Delay(Settling, cancellationToken);
        arrivals.AddRange(readers.TakeArrivals());
        var heard = arrivals.ToLookup(arrival => arrival.Entity);
        var messages = await database.QueryAsync<(Guid Id, string Wamid)>(
            "select id, wamid from app.message where wamid = any(@wamids)", new { wamids = sent.Keys.ToArray() }, cancellationToken);
        if (messages.Count != sent.Count)
        {
            throw new InvalidOperationException($"{messages.Count} messages are stored of {sent.Count}.");
        }
        var latencies = new List<double>(expected);
        foreach (var (id, wamid) in messages)
        {
            var mine = heard[id].ToList();
            if (mine.Count != LiveReaders.StreamsPerUser)
            {
                throw new InvalidOperationException(
                    $"A message arrived at {mine.Count} streams, not at {LiveReaders.StreamsPerUser}; "
                    + $"{arrivals.Count} events of {expected}.");
            }
            latencies.AddRange(mine.Select(arrival => Stopwatch.GetElapsedTime(sent[wamid], arrival.At).TotalMilliseconds));
        }
        return new(latencies);
    }

    /// <summary>Sends at the fixed rate, and returns when each message was due.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> SendAsync(
        int total, SalesBrainHost host, WhatsappLoad load, CancellationToken cancellationToken)
    {
        var bodies = Enumerable.Range(0, total)
            .Select(i => (Body: load.Body(1 + (i % BenchWorld.Organizations), 1, out var wamid), Wamid: wamid)).ToList();
        var due = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var http = new HttpClient { BaseAddress = host.Address };
        var (next, started) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number < total)
            {
                var at = TimeSpan.FromSeconds((double)number / PerSecond);
                if (at - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, cancellationToken);
                }
                due[bodies[number].Wamid] = started + (long)(at.TotalSeconds * Stopwatch.Frequency);
                var bytes = Encoding.UTF8.GetBytes(bodies[number].Body);
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/whatsapp")
                {
                    Content = new ByteArrayContent(bytes),
                };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.TryAddWithoutValidation(WhatsappSignature.Header, WhatsappSignature.Of(bytes, HostSettings.WhatsappSecret));
                using var response = await http.SendAsync(request, cancellationToken);
                response.EnsureSuccessStatusCode();
            }
        }));
        return due;
    }
}
