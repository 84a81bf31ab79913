using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Server-sent events (HTML standard, section 9.2), until the stream has lived long enough, its session ends, or the client goes away. Only events
/// have an id, so that a client's Last-Event-ID is always a cursor.
/// </summary>
internal sealed class EventStreamResult(LiveListener listener, bool mustReload, LiveCursorCodes codes, TimeProvider clock) : IResult
{
    /// <summary>The platform ends a response after 230 s.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(200);

    /// <summary>A comment is sent when nothing else was for so long: proxies close connections on which nothing happens.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int ReconnectMs = 1000;

    /// <summary>Clients of an instance that ends do not all come back at the same moment.</summary>
    private const int ReconnectJitterMs = 1000;

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var open = listener;
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var (json, cancelled) = (JsonResponse.OptionsFor(httpContext.Request), httpContext.RequestAborted);
        // A client that does not read blocks the writing, which only this ends.
        await using var cut = listener.Cut.UnsafeRegister(context => ((HttpContext)context!).Abort(), httpContext);

        await WriteAsync(response, Encoding.UTF8.GetBytes(Beginning()), cancelled);
        var started = clock.GetTimestamp();
        while (Lifetime - clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero && !listener.Ended.IsCancellationRequested)
        {
            var wait = left < Heartbeat ? left : Heartbeat;
            var events = await listener.NextAsync(wait, cancelled);
            if (listener.Ended.IsCancellationRequested)
            {
                return;
            }
            await WriteAsync(response, events.Count == 0 ? Comment : Join(events, json), cancelled);
        }
    }

    private string Beginning()
    {
        var retry = $"retry: {ReconnectMs + Random.Shared.Next(ReconnectJitterMs)}\n\n";
        return mustReload ? $"{retry}event: resync\ndata: {{\"after\":\"{codes.Write(listener.Through)}\"}}\n\n" : retry;
    }

    private static byte[] Join(IReadOnlyList<ToldEvent> events, JsonSerializerOptions json) =>
        events.Count == 1 ? events[0].FrameFor(json) : [.. events.SelectMany(told => told.FrameFor(json))];

    private static async Task WriteAsync(HttpResponse response, byte[] bytes, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
