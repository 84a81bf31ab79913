using System.Text.Json;

namespace SalesBrain.Integrations.Outbound;

/// <summary>The requests of one adapter: paced by the source's own limit.</summary>
internal sealed class SourceCalls(OutboundClient client, RequestPacing pacing, Guid sourceId, int? perMinute)
{
    private bool _isTaken;

    /// <summary>Begins a page or a test. Its first request is counted here.</summary>
    /// <exception cref="SourceException"><c>rate_limited</c>: the source's own limit is reached.</exception>
    internal void Begin()
    {
        pacing.Take(sourceId, perMinute);
        _isTaken = true;
    }

    /// <summary>Sends a request. Redirects are refused unless <paramref name="maxRedirects"/> allows them.</summary>
    /// <inheritdoc cref="OutboundClient.SendAsync"/>
    internal Task<OutboundResponse> SendAsync(
        Func<Uri, HttpRequestMessage> create, Uri url, bool isFree, CancellationToken cancellationToken, int? maxRedirects = 0)
    {
        if (!_isTaken)
        {
            pacing.Count(sourceId, perMinute);
        }
        _isTaken = false;
        return client.SendAsync(create, url, isFree, cancellationToken, maxRedirects);
    }

    /// <summary>A test that ends with the outcome of the first refusal.</summary>
    internal static async Task<SourceTest> TestAsync(Func<Task<SourceTest>> test)
    {
        try
        {
            return await test();
        }
        catch (SourceException e)
        {
            return new SourceTest(false, e.Code, e.Message);
        }
    }

    /// <summary>What the response says about limits, from the named headers; null if it says nothing.</summary>
    internal static JsonElement? Quota(OutboundResponse response, params IEnumerable<(string Name, string Header)> headers)
    {
        var quota = headers.Select(header => (header.Name, Value: response.Number(header.Header)))
            .Where(header => header.Value is not null)
            .ToDictionary(header => header.Name, header => header.Value, StringComparer.Ordinal);
        return quota.Count == 0 ? null : JsonSerializer.SerializeToElement(quota);
    }
}
