using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Telemetry.Otlp;

namespace SalesBrain.Tests.Telemetry;

/// <summary>A collector that keeps what exporters send to it, over HTTP (http/protobuf) or gRPC.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const int GrpcHeader = 5;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _traces = new();
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();

    private OtlpCollector(WebApplication app) => _app = app;

    internal IEnumerable<byte[]> AllBytes => _traces.Concat(_metrics).Concat(_logs);

    internal List<CollectedSpan> Spans =>
    [
        .. from request in _traces.Select(TracesRequest.Parser.ParseFrom)
           from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new CollectedSpan(span, scope.Scope.Name, resource.Resource),
    ];

    internal List<Metric> Metrics =>
    [
        .. from request in _metrics.Select(MetricsRequest.Parser.ParseFrom)
           from resource in request.ResourceMetrics
           from scope in resource.ScopeMetrics
           from metric in scope.Metrics
           select metric,
    ];

    internal List<LogRecord> Logs =>
    [
        .. from request in _logs.Select(LogsRequest.Parser.ParseFrom)
           from resource in request.ResourceLogs
           from scope in resource.ScopeLogs
           from record in scope.LogRecords
           select record,
    ];

    internal static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        foreach (var (signal, kept) in new[] { ("trace", collector._traces), ("metrics", collector._metrics), ("logs", collector._logs) })
        {
            app.MapPost($"/v1/{(signal == "trace" ? "traces" : signal)}", context => KeepAsync(context, kept));
            var service = char.ToUpperInvariant(signal[0]) + signal[1..];
            app.MapPost($"/opentelemetry.proto.collector.{signal}.v1.{service}Service/Export", context => KeepGrpcAsync(context, kept));
        }
        await app.StartAsync();
        return collector;
    }

    /// <summary>Settings of an app that exports here, without delay.</summary>
    internal Dictionary<string, string> Settings(string protocol = "http/protobuf") => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.ElementAt(protocol == "grpc" ? 1 : 0),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    /// <summary>Waits until what was received is enough; fails after some seconds.</summary>
    internal async Task<T> UntilAsync<T>(Func<OtlpCollector, T?> find, string what)
        where T : class
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Eventually.Limit; await Task.Delay(50))
        {
            if (find(this) is { } found)
            {
                return found;
            }
        }
        var spans = string.Join('\n', Spans.Select(span => span.ToString()));
        throw new InvalidOperationException($"The collector did not receive {what}. Spans:\n{spans}");
    }

    /// <summary>Whether the text, in any letter case of ASCII, is somewhere in the bytes that were received.</summary>
    internal bool Contains(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text.ToLowerInvariant());
        return AllBytes.Any(
            bytes => Array.ConvertAll(bytes, b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b).AsSpan().IndexOf(wanted) >= 0);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task KeepAsync(HttpContext context, ConcurrentQueue<byte[]> kept)
    {
        kept.Enqueue(await ReadAsync(context.Request));
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>
    /// One gRPC message each way: a byte for compression and four for the length, then the message. The empty response is a success.
    /// </summary>
    private static async Task KeepGrpcAsync(HttpContext context, ConcurrentQueue<byte[]> kept)
    {
        var framed = await ReadAsync(context.Request);
        Assert.Equal(0, framed[0]);
        Assert.Equal(framed.Length - GrpcHeader, BinaryPrimitives.ReadInt32BigEndian(framed.AsSpan(1)));
        kept.Enqueue(framed[GrpcHeader..]);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[GrpcHeader]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}

/// <summary>A span as it was received.</summary>
internal sealed class CollectedSpan(Span span, string source, Resource resource)
{
    internal string Name => span.Name;

    internal string Source => source;

    internal string TraceId => Hex(span.TraceId);

    internal string Id => Hex(span.SpanId);

    internal string ParentId => Hex(span.ParentSpanId);

    internal bool IsError => span.Status?.Code == 2;

    /// <summary>The process that exported it.</summary>
    internal long Process => resource.Attributes.Single(attribute => attribute.Key == "process.pid").Value.IntValue;

    internal string? Service => resource.Attributes.SingleOrDefault(attribute => attribute.Key == "service.name")?.Value.StringValue;

    internal IEnumerable<string> Linked => span.Links.Select(link => Hex(link.SpanId));

    internal IEnumerable<string> Attributes => span.Attributes.Select(attribute => attribute.Key);

    internal string? this[string attribute] => span.Attributes.SingleOrDefault(kept => kept.Key == attribute)?.Value is { } value
        ? value.HasStringValue ? value.StringValue : value.IntValue.ToString()
        : null;

    public override string ToString() =>
        $"{TraceId[..6]} {Id} < {ParentId,-16} {Source}: {Name} {string.Join(' ', span.Attributes.Where(a => a.Key != "db.query.text").Select(a => $"{a.Key}={a.Value.StringValue}{a.Value.IntValue}"))}";

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
