using System.Net;

namespace SalesBrain.Functions.Http;

/// <summary>How many proxies between the client and this process may be believed.</summary>
public sealed record NetworkOptions
{
    /// <summary>Each trusted proxy appends one entry to <c>X-Forwarded-For</c>; 0 = only the connection itself.</summary>
    public int TrustedProxies { get; init; }
}

/// <summary>
/// Determines the client's IP address. Only the rightmost entries of <c>X-Forwarded-For</c> are trusted, one per trusted proxy; the entries
/// to their left are client input.
/// </summary>
public static class ClientAddress
{
    public static IPAddress? Of(HttpContext context, NetworkOptions options)
    {
        var address = context.Connection.RemoteIpAddress;
        if (options.TrustedProxies > 0)
        {
            var entries = context.Request.Headers["X-Forwarded-For"]
                .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .ToArray();
            var index = entries.Length - options.TrustedProxies;
            if (index >= 0 && IPEndPoint.TryParse(entries[index], out var endpoint))
            {
                address = endpoint.Address;
            }
        }
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}
