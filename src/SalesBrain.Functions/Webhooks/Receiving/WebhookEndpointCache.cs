using System.Collections.Concurrent;
using System.Text.Json;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Endpoints by token, cached for a minute so that a delivery needs no look-up of its own. A cached endpoint may be outdated: storing a
/// delivery compares the version it was verified against, and a refusal is final only with an endpoint that was just read.
/// </summary>
public sealed class WebhookEndpointCache
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Unknown tokens are cached only briefly, because the endpoint may be created in the meantime.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);

    private readonly SalesBrainDatabase _database;
    private readonly SecretBox _secrets;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<(string Source, string TokenHash), Entry> _entries = new();

    /// <summary>A flood of deliveries that are refused costs one look-up at a time.</summary>
    private readonly SharedReads<(string Source, string TokenHash), KnownEndpoint?> _reads;

    public WebhookEndpointCache(SalesBrainDatabase database, SecretBox secrets, TimeProvider clock)
    {
        _database = database;
        _secrets = secrets;
        _clock = clock;
        _reads = new(ReadAsync);
    }

    /// <summary>The endpoint of a token; null if there is none. <paramref name="fresh"/> reads it from the database.</summary>
    public async Task<KnownEndpoint?> FindAsync(string source, string token, bool fresh, CancellationToken cancellationToken)
    {
        var key = (source, Convert.ToHexString(WebhookSecrets.HashToken(token)));
        return !fresh && _entries.TryGetValue(key, out var entry) && entry.Until > _clock.GetUtcNow()
            ? entry.Endpoint
            : await _reads.ReadAsync(key).WaitAsync(cancellationToken);
    }

    private async Task<KnownEndpoint?> ReadAsync((string Source, string TokenHash) key)
    {
        var now = _clock.GetUtcNow();
        // Several callers wait for it, so none of them can cancel it.
        var row = await ReceivingEndpoints.FindAsync(
            _database.ReadPlatform(), key.Source, Convert.FromHexString(key.TokenHash), now.UtcDateTime, CancellationToken.None);
        var endpoint = row is null ? null : Open(row);
        if (_entries.Count >= MaxEntries)
        {
            // Probably somebody is guessing tokens. Clearing the cache is cheaper than tracking the age of entries.
            _entries.Clear();
        }
        _entries[key] = new Entry(endpoint, now + (endpoint is null ? UnknownLifetime : Lifetime));
        return endpoint;
    }

    private KnownEndpoint Open(ReceivingEndpoint row)
    {
        var settings = row.AuthSettings.Deserialize<WebhookAuthentication>(ColumnJson.Options)
            ?? new WebhookAuthentication();
        return new KnownEndpoint(
            row, settings with { Mode = row.AuthMode },
            row.SecretSealed is null
                ? null
                : new WebhookSecrets(
                    OpenSecret(row.SecretSealed), row.PreviousSecretSealed is { } previous ? OpenSecret(previous) : null,
                    row.PreviousSecretExpiresAt));

        string OpenSecret(byte[] sealedSecret) => _secrets.OpenText(sealedSecret, row.OrganizationId, WebhookEndpointSecrets.Purpose);
    }

    private sealed record Entry(KnownEndpoint? Endpoint, DateTimeOffset Until);
}

/// <summary>An endpoint with its secrets opened. Kept in memory only.</summary>
public sealed class KnownEndpoint(ReceivingEndpoint row, WebhookAuthentication authentication, WebhookSecrets? secrets)
{
    private int _previousSecretSeen;

    public ReceivingEndpoint Row { get; } = row;

    /// <summary>How its events are read.</summary>
    public EventSource Source { get; } = row.EventSource;

    public WebhookAuthentication Authentication { get; } = authentication;

    /// <summary>Null in mode token.</summary>
    public WebhookSecrets? Secrets { get; } = secrets;

    /// <summary>True the first time it is called: the cached endpoint's first delivery that was made with the previous secret.</summary>
    internal bool NotePreviousSecret() => Interlocked.Exchange(ref _previousSecretSeen, 1) == 0;
}
