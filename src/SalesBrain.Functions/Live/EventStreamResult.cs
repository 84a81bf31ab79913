using System.Text.Json;

namespace SalesBrain.Functions.Live;

/// <summary>
/// A stream of events, until it has lived long enough, its session ends, or the client goes away. Only events have an id, so that a
/// client's Last-Event-ID is always a cursor.
/// </summary>
internal sealed class EventStreamResult(LiveListener listener, bool mustReload, LiveCursorCodes codes, TimeProvider clock) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var open = listener;
        // A client that does not read blocks the writing, which only this ends.
        await using var cut = listener.Cut.UnsafeRegister(context => ((HttpContext)context!).Abort(), httpContext);
        var stream = await ServerSentEvents.BeginAsync(httpContext);
        if (mustReload)
        {
            await stream.WriteAsync(ServerSentEvents.Frame(null, "resync", $$"""{"after":"{{codes.Write(listener.Through)}}"}"""));
        }
        var (json, started) = (JsonResponse.OptionsFor(httpContext.Request), clock.GetTimestamp());
        while (ServerSentEvents.Lifetime - clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            var events = await listener.NextAsync(
                left < ServerSentEvents.Heartbeat ? left : ServerSentEvents.Heartbeat, httpContext.RequestAborted);
            if (listener.Ended.IsCancellationRequested)
            {
                return;
            }
            await (events.Count == 0 ? stream.CommentAsync() : stream.WriteAsync(Join(events, json)));
        }
    }

    private static byte[] Join(IReadOnlyList<ToldEvent> events, JsonSerializerOptions json) =>
        events.Count == 1 ? events[0].FrameFor(json) : [.. events.SelectMany(told => told.FrameFor(json))];
}
