using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>
/// Sends requests to the Graph API, and says of every failure whether the request may have been executed. Redirects are not followed.
/// </summary>
internal sealed class GraphRequests(IHttpClientFactory clients, WhatsappOptions options, TimeProvider clock)
{
    /// <summary>A request on behalf of an organization: its token in the header, and the proof that this app uses it.</summary>
    internal Task<GraphResult<Response>> SendAsync(
        HttpMethod method, string path, string token, IEnumerable<KeyValuePair<string, string>> query, JsonNode? body, CancellationToken cancellationToken)
    {
        var url = Url(path, query.Append(new("appsecret_proof", Proof(token, options.AppSecret))));
        return SendAsync(
            new HttpRequestMessage(method, url) { Headers = { Authorization = new("Bearer", token) } }, body,
            isRepeatable: method == HttpMethod.Get, cancellationToken);
    }

    /// <summary>A GET on behalf of the app, whose secret is in the query.</summary>
    internal Task<GraphResult<Response>> SendAsync(
        string path, IEnumerable<KeyValuePair<string, string>> query, bool isRepeatable, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, Url(path, query)), null, isRepeatable, cancellationToken);

    /// <summary>The lower-case hexadecimal HMAC-SHA-256 of a token under the app's secret.</summary>
    internal static string Proof(string token, string appSecret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), Encoding.UTF8.GetBytes(token)));

    private Uri Url(string path, IEnumerable<KeyValuePair<string, string>> query) =>
        options.BaseUrl.Below($"{options.Version}/{path}").WithQuery(query);

    private async Task<GraphResult<Response>> SendAsync(
        HttpRequestMessage message, JsonNode? body, bool isRepeatable, CancellationToken cancellationToken)
    {
        using var request = message;
        request.Headers.Accept.ParseAdd("application/json");
        request.Options.Set(WhatsappRegistration.IsRepeatable, isRepeatable);
        using var content = new ObservedContent(body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString()));
        if (request.Method != HttpMethod.Get)
        {
            request.Content = content;
        }
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await clients.CreateClient(WhatsappRegistration.Client)
                .SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The exception is dropped: it may have the URL.
            return new GraphFailure
            {
                Kind = request.Content is not null && !content.IsBegun ? GraphFailureKind.NotSent : GraphFailureKind.NoResponse,
            };
        }
    }

    private static GraphResult<Response> Read(int status, byte[] body)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return new GraphFailure { Kind = GraphFailureKind.Unreadable, Status = status };
        }
        if (json.Member("error") is { ValueKind: JsonValueKind.Object } error)
        {
            return new GraphFailure
            {
                Kind = GraphFailureKind.Refused,
                Status = status,
                Code = error.Number("code") is { } code and >= int.MinValue and <= int.MaxValue ? (int)code : null,
                Message = error.Text("message"),
                Details = error.Member("error_data").Text("details"),
                IsTransient = error.Bool("is_transient") ?? false,
                TraceId = error.Text("fbtrace_id"),
            };
        }
        return status is >= 200 and < 300 && json.ValueKind == JsonValueKind.Object
            ? new Response(json, status)
            : new GraphFailure { Kind = GraphFailureKind.Unreadable, Status = status };
    }

    /// <summary>A successful response.</summary>
    internal sealed record Response(JsonElement Json, int Status)
    {
        /// <summary>The failure of a response that lacks what it must have.</summary>
        internal GraphFailure Unreadable => new() { Kind = GraphFailureKind.Unreadable, Status = Status };
    }

    /// <summary>
    /// JSON that knows whether sending it has begun. Before that, the server has no complete request and cannot execute it.
    /// </summary>
    private sealed class ObservedContent : HttpContent
    {
        private readonly byte[] _body;

        internal ObservedContent(byte[] body)
        {
            _body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        internal bool IsBegun { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            IsBegun = true;
            return stream.WriteAsync(_body, cancellationToken).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
