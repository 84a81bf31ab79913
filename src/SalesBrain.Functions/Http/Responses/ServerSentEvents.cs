using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SalesBrain.Functions.Http.Responses;

/// <summary>The body of a response that is a stream of server-sent events (HTML standard, section 9.2).</summary>
internal sealed class ServerSentEvents
{
    /// <summary>How long a stream lives: the platform ends a response after 230 s.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(200);

    /// <summary>A comment is sent when nothing else was for so long: proxies close connections on which nothing happens.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int ReconnectMs = 1000;

    /// <summary>Clients of an instance that ends do not all come back at the same moment.</summary>
    private const int ReconnectJitterMs = 1000;

    private static readonly byte[] CommentLine = ":\n\n"u8.ToArray();

    private readonly HttpContext _context;

    private ServerSentEvents(HttpContext context) => _context = context;

    /// <summary>Whether the client asks for a stream.</summary>
    internal static bool AreWantedBy(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        && types.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    /// <summary>
    /// The id of the last event that a reconnecting client got; null if the header is missing. Two headers are no id: to ignore them would
    /// be to leave out events.
    /// </summary>
    internal static string? LastEventIdOf(HttpRequest request) =>
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : null;

    /// <summary>Sends the headers, and after how long to reconnect.</summary>
    internal static async Task<ServerSentEvents> BeginAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var events = new ServerSentEvents(context);
        await events.WriteAsync(Encoding.UTF8.GetBytes($"retry: {ReconnectMs + Random.Shared.Next(ReconnectJitterMs)}\n\n"));
        return events;
    }

    /// <summary>An event; without an id a client does not continue behind it.</summary>
    internal static string Frame(string? id, string name, string json) =>
        $"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: {json}\n\n";

    internal Task CommentAsync() => WriteAsync(CommentLine);

    internal Task WriteAsync(string frames) => WriteAsync(Encoding.UTF8.GetBytes(frames));

    /// <summary>Sends whole frames, at once.</summary>
    internal async Task WriteAsync(byte[] frames)
    {
        await _context.Response.Body.WriteAsync(frames, _context.RequestAborted);
        await _context.Response.Body.FlushAsync(_context.RequestAborted);
    }
}
