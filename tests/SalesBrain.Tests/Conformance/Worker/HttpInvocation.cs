using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>Runs an HTTP function: tells the worker of the invocation, and sends it the request itself with the invocation's id.</summary>
internal sealed class HttpInvocation(Invocations invocations, Uri worker) : IDisposable
{
    /// <summary>Set on an empty 500: why the invocation failed, for the test's message.</summary>
    internal const string FailureHeader = "x-invocation-failure";

    /// <summary>Passes the bytes of headers on as they are.</summary>
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    internal async Task RunAsync(HttpContext context, HostFunction function)
    {
        var id = Guid.NewGuid().ToString();
        // The host reads a body of known length before the invocation, and passes any other on as it comes.
        var body = context.Request.ContentLength > 0 ? await ReadAsync(context.Request) : null;
        using var request = Request(context.Request, body, id);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var metadata = TriggerMetadata.Of(context.Request, body, context.GetRouteData().Values);
        var invocation = invocations.RunAsync(
            function, id, new TypedData { Http = new RpcHttp() }, metadata, context.RequestAborted,
            context.Request.Headers.TraceParent.ToString());
        var forwarding = ForwardAsync(request, context.Response, failed.Token);
        try
        {
            if (await invocation is { } failure)
            {
                await failed.CancelAsync();
                await Task.WhenAny(forwarding);
                Fail(context.Response, failure);
                return;
            }
            await forwarding;
        }
        finally
        {
            // When the client goes away the invocation ends first: without this the request to the worker would go on.
            await failed.CancelAsync();
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(HttpRequest incoming, byte[]? body, string invocationId)
    {
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(worker, incoming.GetEncodedPathAndQuery()));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }
        else if (incoming.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(incoming.Body);
            request.Headers.TransferEncodingChunked = true;
        }
        else if (incoming.ContentLength is not null || incoming.ContentType is not null)
        {
            request.Content = new ByteArrayContent([]);
        }
        foreach (var (name, values) in incoming.Headers.Where(header => !IsOfConnection(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"{incoming.HttpContext.Connection.RemoteIpAddress}");
        request.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocationId);
        return request;
    }

    private async Task ForwardAsync(HttpRequestMessage request, HttpResponse response, CancellationToken cancellationToken)
    {
        using var received = await _client.SendAsync(request, cancellationToken);
        await using var content = await received.Content.ReadAsStreamAsync(cancellationToken);
        response.StatusCode = (int)received.StatusCode;
        foreach (var (name, values) in received.Headers.Concat(received.Content.Headers).Where(header => !IsOfConnection(header.Key)))
        {
            response.Headers.Append(name, values.ToArray());
        }
        await content.CopyToAsync(response.Body, cancellationToken);
    }

    private static void Fail(HttpResponse response, string failure)
    {
        if (response.HasStarted)
        {
            response.HttpContext.Abort();
            return;
        }
        response.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
        response.Headers[FailureHeader] = Uri.EscapeDataString(failure);
    }

    /// <summary>The host replaces the address that the client claims.</summary>
    private static bool IsOfConnection(string header) =>
        header.ToLowerInvariant() is "connection" or "keep-alive" or "transfer-encoding" or "host" or "x-forwarded-for";

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
