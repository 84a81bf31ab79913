using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace SalesBrain.Functions.Http.Responses;

/// <summary>Successful responses.</summary>
public static class ApiResults
{
    /// <summary>200 <c>{"success": true, "data": …}</c>.</summary>
    public static IResult Ok<T>(T data, string? message = null) =>
        new JsonResult<Envelope<T>>(200, new Envelope<T> { Data = data, Message = message });

    /// <summary>202: it is noted, and will be done or not without the caller learning which.</summary>
    public static IResult Accepted<T>(T data, string message) =>
        new JsonResult<Envelope<T>>(202, new Envelope<T> { Data = data, Message = message });

    /// <summary>201 with <c>Location</c>.</summary>
    public static IResult Created<T>(string location, T data) =>
        new JsonResult<Envelope<T>>(201, new Envelope<T> { Data = data }) { Headers = { ["Location"] = location } };

    /// <summary>201 with <c>Location</c> and an entity tag.</summary>
    public static IResult Created<T>(string location, T data, string etag, string? message = null) =>
        new JsonResult<Envelope<T>>(201, new Envelope<T> { Data = data, Message = message })
        {
            Headers = { ["Location"] = location, ["ETag"] = etag },
        };

    /// <summary>200 with the changed resource and its ETag.</summary>
    public static IResult Changed<T>(T data, string etag, string? message = null) =>
        new JsonResult<Envelope<T>>(200, new Envelope<T> { Data = data, Message = message }) { Headers = { ["ETag"] = etag } };

    /// <summary>200 with a body that is not the usual envelope.</summary>
    public static IResult Bare<T>(T body, int status = 200) => new JsonResult<T>(status, body);

    /// <summary>200 with an ETag, which the caller can send back as <c>If-None-Match</c>.</summary>
    public static IResult Tagged<T>(T data, string etag) =>
        new JsonResult<Envelope<T>>(200, new Envelope<T> { Data = data })
        {
            Headers = { ["ETag"] = etag, ["Cache-Control"] = "private, no-cache" },
        };

    /// <summary>200 with a body that is JSON already, and an ETag.</summary>
    internal static IResult TaggedJson(byte[] body, string etag) => new BytesResult(body)
    {
        Headers = { ["ETag"] = etag, ["Cache-Control"] = "private, no-cache" },
    };

    /// <summary>301: the resource is at another location for good.</summary>
    public static IResult Moved(string location) => new EmptyResult(301) { Headers = { ["Location"] = location } };

    /// <summary>302: the browser goes on there, this time.</summary>
    public static IResult Redirect(Uri location) => new EmptyResult(302) { Headers = { ["Location"] = location.AbsoluteUri } };

    /// <summary>304: the caller's copy is up to date.</summary>
    public static IResult NotModified(string etag) => new EmptyResult(304)
    {
        Headers = { ["ETag"] = etag, ["Cache-Control"] = "private, no-cache" },
    };

    private sealed class JsonResult<T>(int status, T body) : IResult
    {
        public Dictionary<string, StringValues> Headers { get; } = [];

        public Task ExecuteAsync(HttpContext httpContext)
        {
            Apply(httpContext, Headers);
            return JsonResponse.WriteAsync(httpContext, status, body);
        }
    }

    private sealed class BytesResult(byte[] body) : IResult
    {
        public Dictionary<string, StringValues> Headers { get; } = [];

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            Apply(httpContext, Headers);
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }

    private sealed class EmptyResult(int status) : IResult
    {
        public Dictionary<string, StringValues> Headers { get; } = [];

        public Task ExecuteAsync(HttpContext httpContext)
        {
            Apply(httpContext, Headers);
            httpContext.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }

    private static void Apply(HttpContext context, Dictionary<string, StringValues> headers)
    {
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }
    }
}

/// <summary>The envelope of every successful JSON response.</summary>
public sealed record Envelope<T>
{
    [JsonPropertyOrder(-1)]
    public bool Success { get; init; } = true;

    public required T Data { get; init; }

    /// <summary>A message to display, if there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
