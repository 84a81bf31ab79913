using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Endpoints by token, kept for a while so that a delivery costs no look-up of its own. What is kept may be outdated: storing a delivery
/// checks the version it was verified against, and a refusal is only final on a fresh copy.
/// </summary>
public sealed class WebhookEndpointCache(SalesBrainDatabase database, TimeProvider clock)
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>An unknown token is looked up again soon: it may be an endpoint made a moment ago.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Source, string TokenHash), Entry> _entries = new();

    /// <summary>The endpoint of a token; null when there is none. <paramref name="fresh"/> reads it anew.</summary>
    public async Task<ReceivingEndpoint?> FindAsync(string source, string token, bool fresh, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        var key = (source, Convert.ToHexString(hash));
        var now = clock.GetUtcNow();
        if (!fresh && _entries.TryGetValue(key, out var entry) && entry.Until > now)
        {
            return entry.Endpoint;
        }
        var endpoint = await ReceivingEndpoints.FindAsync(database.ReadPlatform(), source, hash, now.UtcDateTime, cancellationToken);
        if (_entries.Count >= MaxEntries)
        {
            // Somebody tries tokens; starting over is cheaper than keeping track of age.
            _entries.Clear();
        }
        _entries[key] = new Entry(endpoint, now + (endpoint is null ? UnknownLifetime : Lifetime));
        return endpoint;
    }

    private sealed record Entry(ReceivingEndpoint? Endpoint, DateTimeOffset Until);
}
