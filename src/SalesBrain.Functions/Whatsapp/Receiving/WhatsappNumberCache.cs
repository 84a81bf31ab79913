using System.Collections.Concurrent;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Receiving;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Functions.Whatsapp.Receiving;

/// <summary>
/// Organizations by phone number, cached for a minute so that a delivery needs no look-up of its own. A cached row may be outdated: storing
/// a delivery checks the number again, and a number is unknown only if it was just looked up.
/// </summary>
public sealed class WhatsappNumberCache
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SalesBrainDatabase _database;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<Key, Entry> _entries = new();
    private readonly SharedReads<Key, WhatsappNumber?> _reads;

    public WhatsappNumberCache(SalesBrainDatabase database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
        _reads = new(ReadAsync);
    }

    /// <summary>
    /// The account of a phone number or, without one, the only account with the id of a WhatsApp Business Account. Null if there is none.
    /// <paramref name="fresh"/> reads it from the database.
    /// </summary>
    public async ValueTask<WhatsappNumber?> FindAsync(
        string? phoneNumberId, string? wabaId, bool fresh, CancellationToken cancellationToken)
    {
        if ((phoneNumberId ?? wabaId) is not { } id)
        {
            return null;
        }
        var key = new Key(id, IsNumber: phoneNumberId is not null);
        return !fresh && _entries.TryGetValue(key, out var entry) && entry.Until > _clock.GetUtcNow()
            ? entry.Number
            : await _reads.ReadAsync(key).WaitAsync(cancellationToken);
    }

    private async Task<WhatsappNumber?> ReadAsync(Key key)
    {
        // Several callers wait for it, so none of them can cancel it.
        var number = key.IsNumber
            ? await WhatsappNumbers.FindAsync(_database.ReadPlatform(), key.Id, CancellationToken.None)
            : await WhatsappNumbers.FindByAccountAsync(_database.ReadPlatform(), key.Id, CancellationToken.None);
        if (number is null)
        {
            _entries.TryRemove(key, out _);
            return null;
        }
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }
        _entries[key] = new Entry(number, _clock.GetUtcNow() + Lifetime);
        return number;
    }

    private readonly record struct Key(string Id, bool IsNumber);

    private sealed record Entry(WhatsappNumber Number, DateTimeOffset Until);
}
