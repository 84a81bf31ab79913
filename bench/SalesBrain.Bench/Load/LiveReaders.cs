using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Load;

/// <summary>
/// Open streams of live events, of the owners of all organizations. A stream that ends continues from its last event, as a browser does.
/// </summary>
internal sealed class LiveReaders : IAsyncDisposable
{
    public const int StreamsPerUser = 10;
    public const int Streams = BenchWorld.Organizations * StreamsPerUser;
    private const string EntityId = "\"entity_id\":\"";

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private readonly ConcurrentQueue<(Guid Entity, long At)> _arrivals = new();
    private readonly Uri _host;
    private Task[] _reading = [];
    private long _events;
    private long _opened;

    private readonly string _channel;

    private LiveReaders(Uri host, string channel) => (_host, _channel) = (host, channel);

    /// <summary>Events that all streams together have received.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>How often a stream ended and was opened again.</summary>
    public long Reopened => Interlocked.Read(ref _opened) - Streams;

    /// <summary>When a stream received the change of which entity of the channel; each is returned once.</summary>
    public IEnumerable<(Guid Entity, long At)> TakeArrivals()
    {
        while (_arrivals.TryDequeue(out var arrival))
        {
            yield return arrival;
        }
    }

    public static async Task<LiveReaders> OpenAsync(SalesBrainHost host, string channel, CancellationToken cancellationToken)
    {
        var readers = new LiveReaders(host.Address, channel);
        var opening = Enumerable.Range(1, BenchWorld.Organizations).SelectMany(organization =>
        {
            var id = BenchWorld.Id(organization);
            var token = host.TokenFor(id, Role.Owner, id);
            return Enumerable.Range(0, StreamsPerUser)
                .Select(async _ => (Response: await readers.OpenAsync(token, null, cancellationToken), Token: token));
        });
        readers._reading = [.. (await Task.WhenAll(opening)).Select(stream => readers.ReadAllAsync(stream.Response, stream.Token))];
        return readers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task<HttpResponseMessage> OpenAsync(string token, string? after, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host, "/api/v1/events"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        Interlocked.Increment(ref _opened);
        return response;
    }

    private async Task ReadAllAsync(HttpResponseMessage response, string token)
    {
        string? last = null;
        try
        {
            while (true)
            {
                last = await ReadAsync(response, last);
                response.Dispose();
                response = await OpenAsync(token, last, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
        finally
        {
            response.Dispose();
        }
    }

    /// <summary>Reads until the stream ends; returns the id of its last event.</summary>
    private async Task<string?> ReadAsync(HttpResponseMessage response, string? last)
    {
        var isOfChannel = false;
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                {
                    last = line[4..];
                }
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    isOfChannel = line.AsSpan(7).SequenceEqual(_channel);
                    Interlocked.Increment(ref _events);
                }
                else if (isOfChannel && line.IndexOf(EntityId, StringComparison.Ordinal) is >= 0 and var at
                    && Guid.TryParse(line.AsSpan(at + EntityId.Length, 36), out var entity))
                {
                    _arrivals.Enqueue((entity, Stopwatch.GetTimestamp()));
                }
            }
        }
        catch (IOException)
        {
            // Cut off.
        }
        return last;
    }
}
