using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>A request that can be sent more than once, to either host.</summary>
internal sealed record ConformanceRequest(string Function, HttpMethod Method, string Path)
{
    /// <summary>In a body, stands for an id that is another one each time the request is sent.</summary>
    internal const string Unique = "$unique$";

    /// <summary>Who sends it, for the test's message.</summary>
    internal string Caller { get; init; } = "nobody";

    internal string? Token { get; init; }

    internal byte[]? Body { get; init; }

    internal string ContentType { get; init; } = "application/json";

    internal bool Chunked { get; init; }

    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What is special about it, for the test's message.</summary>
    internal string? Detail { get; init; }

    internal bool IsRead => Method == HttpMethod.Get || Method == HttpMethod.Head;

    internal bool TakesBody => Method == HttpMethod.Post || Method == HttpMethod.Put || Method == HttpMethod.Patch
        || (Method == HttpMethod.Delete && Body is not null);

    internal ConformanceRequest As(string caller, string? token) => this with { Caller = caller, Token = token };

    internal ConformanceRequest With(string detail, string name, string value) =>
        this with { Detail = detail, Headers = [.. Headers, (name, value)] };

    internal ConformanceRequest WithBody(object body) => WithText(JsonSerializer.Serialize(body, body.GetType()));

    internal ConformanceRequest WithText(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };

    /// <summary>The path with a query parameter added.</summary>
    internal ConformanceRequest WithQuery(string name, string value) =>
        this with
        {
            Path = $"{Path}{(Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}",
        };

    internal HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Path);
        if (Token is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        }
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Distinct(Body));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
            message.Headers.TransferEncodingChunked = Chunked ? true : null;
        }
        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }

    public override string ToString() => $"{Method} {Path} as {Caller}{(Detail is null ? "" : $", {Detail}")}";

    private static byte[] Distinct(byte[] body) =>
        body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Unique)) < 0
            ? body
            : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(Unique, Guid.NewGuid().ToString(), StringComparison.Ordinal));
}

/// <summary>What both hosts are sent: requests about one thing, or requests about equal things, one for each host.</summary>
internal sealed record RequestPair(ConformanceRequest Local, ConformanceRequest Worker, bool IsOfOneThing)
{
    /// <summary>The same request, which changes nothing, or the second time does what it does the first time.</summary>
    internal static RequestPair Same(ConformanceRequest request) => new(request, request, request.IsRead);

    /// <summary>Requests that change something, each about a thing of its own.</summary>
    internal static RequestPair Equal(ConformanceRequest local, ConformanceRequest worker) => new(local, worker, IsOfOneThing: false);
}
