using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Security;

/// <summary>
/// The keys that hash the addresses of erased people, read from the database once per process. The first process that needs them makes the
/// first key, so that every process has it before anybody is erased. Thread-safe.
/// </summary>
public sealed class AddressHashKeys(SalesBrainDatabase database, SecretBox box) : IDisposable
{
    /// <summary>The id of the first key: of several processes that make it at once, one succeeds.</summary>
    private static readonly Guid FirstId = Guid.Parse("00000000-0000-0000-0000-000000000001");

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile AddressHashes? _hashes;

    /// <summary>
    /// The hashes of addresses. A failure is not kept: the next caller tries again.
    /// </summary>
    /// <exception cref="SecretBoxException">No configured data key opens a key. Nobody may be taken for a new person then.</exception>
    public async ValueTask<AddressHashes> GetAsync(CancellationToken cancellationToken)
    {
        if (_hashes is { } loaded)
        {
            return loaded;
        }
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return _hashes ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<AddressHashes> LoadAsync(CancellationToken cancellationToken)
    {
        var envelopes = await ReadAsync(cancellationToken);
        if (envelopes.Count == 0)
        {
            await AddFirstAsync(cancellationToken);
            envelopes = await ReadAsync(cancellationToken);
        }
        return new AddressHashes([.. envelopes.Select(envelope => box.Open(envelope, Guid.Empty, AddressHashes.Purpose))]);
    }

    private Task<List<byte[]>> ReadAsync(CancellationToken cancellationToken) => database.ReadPlatform().QueryAsync<byte[]>(
        "select k.key_sealed from app.address_hash_key k order by k.created_at desc, k.id", null, cancellationToken);

    private Task<int> AddFirstAsync(CancellationToken cancellationToken) => database.AutoCommitPlatform().ExecuteAsync("""
        insert into app.address_hash_key (id, key_sealed) values (@FirstId, @envelope) on conflict do nothing
        """, new { FirstId, envelope = box.Seal(AddressHashes.CreateKey(), Guid.Empty, AddressHashes.Purpose) }, cancellationToken);
}
