using System.Text;
using SalesBrain.Tests.Conformance.Worker;

namespace SalesBrain.Tests.Conformance;

/// <summary>What a host returned, without what belongs to the connection or the moment.</summary>
internal sealed record HostResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body, string? Failure)
{
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", HttpInvocation.FailureHeader,
    };

    internal bool Succeeded => Status is >= 200 and < 400;

    internal string? EntityTag => Headers.GetValueOrDefault("ETag");

    /// <summary>Reads it; a request without a response has status 0.</summary>
    internal static async Task<HostResponse> OfAsync(HttpClient host, HttpRequestMessage request)
    {
        try
        {
            using var response = await host.SendAsync(request);
            var headers = response.Headers.Concat(response.Content.Headers).Where(header => !Ignored.Contains(header.Key))
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            var failure = response.Headers.TryGetValues(HttpInvocation.FailureHeader, out var values)
                ? Uri.UnescapeDataString(string.Concat(values)).Split('\n')[0]
                : null;
            // Byte for byte, also where it is not text.
            var body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
            return new HostResponse((int)response.StatusCode, headers, body, failure);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new HostResponse(0, new Dictionary<string, string>(), "", $"{e.Message} {e.InnerException?.Message}");
        }
    }
}
