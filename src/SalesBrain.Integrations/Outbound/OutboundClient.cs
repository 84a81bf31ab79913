using System.Net;
using System.Net.Http.Headers;
using Polly.Timeout;

namespace SalesBrain.Integrations.Outbound;

/// <summary>
/// Sends requests to sources, within limits of time and size, and turns every failure to get a response into a
/// <see cref="SourceException"/>.
/// </summary>
internal sealed class OutboundClient(IHttpClientFactory clients, OutboundLimits limits, SourceOptions options, TimeProvider clock)
{
    /// <summary>Longest wait that a source may ask for; a longer one is cut.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>Sends a request, and again if it is free and failed on the way.</summary>
    /// <param name="create">Creates the request. Called once more for a redirect.</param>
    /// <param name="isFree">Whether sending it twice costs nothing. A billable request is never repeated.</param>
    internal async Task<OutboundResponse> SendAsync(
        Func<Uri, HttpRequestMessage> create, Uri url, bool isFree, CancellationToken cancellationToken, int? maxRedirects = null)
    {
        using var timeout = new CancellationTokenSource(limits.Total, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (!UrlRules.IsAllowed(url, options.AllowLoopback))
                {
                    throw Blocked();
                }
                using var request = create(url);
                request.Options.Set(OutboundPipeline.IsFree, isFree);
                var client = clients.CreateClient(OutboundPipeline.Client);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if ((int)response.StatusCode is not (>= 300 and < 400))
                {
                    return new OutboundResponse(
                        url, response.StatusCode, response.Headers, await ReadAsync(response.Content, either.Token),
                        RetryAfterOf(response.Headers));
                }
                url = Redirected(request, response, redirects < (maxRedirects ?? limits.MaxRedirects));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutRejectedException && !cancellationToken.IsCancellationRequested)
        {
            throw new SourceException(SourceErrors.Timeout, "The source did not respond in time.");
        }
        catch (HttpRequestException e) when (e.InnerException is BlockedAddressException)
        {
            throw Blocked();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SourceException(SourceErrors.Unavailable, "The connection to the source failed.");
        }
    }

    private static SourceException Blocked() =>
        new(SourceErrors.BlockedAddress, "The source's address is not allowed: it must be an https address on the public internet.");

    /// <summary>
    /// Where a redirect leads: to the same host only, because the request carries credentials for it. A request with a body is not repeated
    /// elsewhere.
    /// </summary>
    private static Uri Redirected(HttpRequestMessage request, HttpResponseMessage response, bool isAllowed)
    {
        if (!isAllowed || request.Method != HttpMethod.Get || response.Headers.Location is not { } location
            || response.StatusCode == HttpStatusCode.NotModified)
        {
            throw new SourceException(SourceErrors.BadRequest, "The source redirects the request. Enter the final address.");
        }
        var target = new Uri(request.RequestUri!, location);
        return UrlRules.IsSameOrigin(request.RequestUri!, target)
            ? target
            : throw new SourceException(
                SourceErrors.BlockedAddress, "The source redirects the request to another host. Enter the final address.");
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limits.MaxBody)
        {
            throw TooLarge();
        }
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > limits.MaxBody)
            {
                throw TooLarge();
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static SourceException TooLarge() => new(SourceErrors.Schema, "The source's response is too large.");

    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers)
    {
        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > MaxRetryAfter ? MaxRetryAfter : wait;
    }
}
