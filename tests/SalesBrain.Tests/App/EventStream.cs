using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>A stream of live updates as a client reads it, frame by frame.</summary>
internal sealed class EventStream : IDisposable
{
    internal const string Events = "/api/v1/events";

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    internal HttpResponseMessage Response => _response;

    /// <summary>
    /// Opens a stream, which must succeed. It hears of everything that is committed from now on, and of what was committed a moment ago.
    /// </summary>
    internal static async Task<EventStream> OpenAsync(HttpClient client, string query = "", string? lastEventId = null)
    {
        var response = await AskAsync(client, query, lastEventId);
        Assert.True(
            response.IsSuccessStatusCode,
            $"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
        return await BeginAsync(response);
    }

    /// <summary>Opens a stream; null if the instance has no place for it at the moment, as while it stops.</summary>
    internal static async Task<EventStream?> TryOpenAsync(HttpClient client, string query, string lastEventId)
    {
        var response = await AskAsync(client, query, lastEventId);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        {
            response.Dispose();
            return null;
        }
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await BeginAsync(response);
    }

    private static async Task<EventStream> BeginAsync(HttpResponseMessage response)
    {
        var stream = new EventStream(response, await response.Content.ReadAsStreamAsync());
        var first = await stream.NextFrameAsync() ?? throw new IOException("The stream was cut before it began.");
        Assert.InRange(int.Parse(first.Retry!), 1000, 2000);
        return stream;
    }

    /// <summary>Asks for a stream, whatever the response.</summary>
    internal static async Task<HttpResponseMessage> AskAsync(HttpClient client, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Events + query);
        if (client.DefaultRequestHeaders.Accept.Count == 0)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        }
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The next event, without comments; null at the end of the stream.</summary>
    internal async Task<Frame?> NextAsync(int seconds = 60)
    {
        while (await NextFrameAsync(seconds) is { } frame)
        {
            if (frame.Event is not null)
            {
                return frame;
            }
        }
        return null;
    }

    /// <summary>The next event, which must be on the channel.</summary>
    internal async Task<JsonElement> NextOnAsync(string channel)
    {
        var frame = await NextAsync();
        Assert.Equal(channel, frame?.Event);
        return frame!.Json;
    }

    /// <summary>The next event, comment or retry time; null at the end of the stream, also if the connection was cut.</summary>
    internal async Task<Frame?> NextFrameAsync(int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var (lines, text) = (new Dictionary<string, string>(StringComparer.Ordinal), (string?)null);
        try
        {
            while ((text = await _reader.ReadLineAsync(limit.Token)) is { Length: > 0 })
            {
                var colon = text.IndexOf(':', StringComparison.Ordinal);
                lines.Add(colon < 0 ? text : text[..colon], colon < 0 ? "" : text[(colon + 1)..].TrimStart(' '));
            }
        }
        catch (Exception e) when (e is IOException or HttpIOException)
        {
            return null;
        }
        // What is cut off in the middle of an event is no event.
        return text is null
            ? null
            : new(
                lines.GetValueOrDefault("id"), lines.GetValueOrDefault("event"), lines.GetValueOrDefault("data"),
                lines.GetValueOrDefault("retry"));
    }

    /// <summary>Asserts that a marker is the next event that the stream has: nothing else was told before.</summary>
    internal async Task AssertNothingBeforeAsync(TestApp app, TestUser user)
    {
        var marker = await app.CreateNotificationAsync(user);
        var next = await NextAsync();
        Assert.Equal(marker, next!.Json.GetProperty("entity_id").GetGuid());
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}

/// <summary>A block of a stream.</summary>
internal sealed record Frame(string? Id, string? Event, string? Data, string? Retry)
{
    internal JsonElement Json => JsonElement.Parse(Data!);
}
