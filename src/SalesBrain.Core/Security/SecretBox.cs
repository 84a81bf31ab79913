using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Security;

/// <summary>
/// Seals secrets for the database: AES-256-GCM, bound to their organization and purpose, so that a sealed secret moved to another row does
/// not open. The envelope is version (1), length of the key id (1), key id, nonce (12), tag (16), ciphertext. Thread-safe.
/// </summary>
public sealed class SecretBox
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Dictionary<string, byte[]> keys;

    /// <exception cref="ArgumentException">The keys have <see cref="DataKeys.Problems"/>.</exception>
    public SecretBox(DataKeys keys)
    {
        if (keys.Problems() is [var problem, ..])
        {
            throw new ArgumentException(problem, nameof(keys));
        }
        CurrentKeyId = keys.Keys[0].Id;
        this.keys = keys.Keys.ToDictionary(key => key.Id, key => Convert.FromBase64String(key.Secret), StringComparer.Ordinal);
    }

    /// <summary>The id of the first key, which seals.</summary>
    public string CurrentKeyId { get; }

    /// <summary>Seals a text.</summary>
    /// <param name="secret">The plain text to encrypt.</param>
    /// <param name="organizationId">The organization that the secret belongs to.</param>
    /// <param name="purpose">The purpose, such as <c>webhook_endpoint.secret</c>. The encrypted value is bound to it.</param>
    public byte[] Seal(string secret, Guid organizationId, string purpose) => Seal(Encoding.UTF8.GetBytes(secret), organizationId, purpose);

    /// <summary>Seals bytes.</summary>
    public byte[] Seal(ReadOnlySpan<byte> secret, Guid organizationId, string purpose)
    {
        var header = 2 + CurrentKeyId.Length;
        var envelope = new byte[header + NonceBytes + TagBytes + secret.Length];
        envelope[0] = Version;
        envelope[1] = (byte)CurrentKeyId.Length;
        Encoding.ASCII.GetBytes(CurrentKeyId, envelope.AsSpan(2));
        var nonce = envelope.AsSpan(header, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[CurrentKeyId], TagBytes);
        aes.Encrypt(
            nonce,
            secret,
            envelope.AsSpan(header + NonceBytes + TagBytes),
            envelope.AsSpan(header + NonceBytes, TagBytes),
            AssociatedData(envelope.AsSpan(0, header), organizationId, purpose));
        return envelope;
    }

    /// <summary>Decrypts a secret that was encrypted for the same organization and purpose.</summary>
    /// <exception cref="SecretBoxException">The key is not among ours, or the envelope is not what was sealed.</exception>
    public byte[] Open(ReadOnlySpan<byte> envelope, Guid organizationId, string purpose)
    {
        if (envelope.Length < 2 || envelope[0] != Version || envelope.Length < 2 + envelope[1] + NonceBytes + TagBytes)
        {
            throw SecretBoxException.Tampered();
        }
        var header = 2 + envelope[1];
        var keyId = Encoding.ASCII.GetString(envelope[2..header]);
        if (!keys.TryGetValue(keyId, out var key))
        {
            throw SecretBoxException.UnknownKey(keyId);
        }
        var secret = new byte[envelope.Length - header - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                envelope.Slice(header, NonceBytes),
                envelope[(header + NonceBytes + TagBytes)..],
                envelope.Slice(header + NonceBytes, TagBytes),
                secret,
                AssociatedData(envelope[..header], organizationId, purpose));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw SecretBoxException.Tampered();
        }
        return secret;
    }

    /// <summary>Opens a text.</summary>
    /// <exception cref="SecretBoxException">As <see cref="Open"/>.</exception>
    public string OpenText(ReadOnlySpan<byte> envelope, Guid organizationId, string purpose) =>
        Encoding.UTF8.GetString(Open(envelope, organizationId, purpose));

    /// <summary>Seals again, with the first key, what any of the keys sealed for the same organization and purpose.</summary>
    /// <exception cref="SecretBoxException">As <see cref="Open"/>.</exception>
    public byte[] Reseal(ReadOnlySpan<byte> envelope, Guid organizationId, string purpose)
    {
        var secret = Open(envelope, organizationId, purpose);
        try
        {
            return Seal(secret, organizationId, purpose);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The id of the key that sealed it; null if it is no envelope.</summary>
    public static string? KeyIdOf(ReadOnlySpan<byte> envelope) =>
        envelope.Length >= 2 && envelope[0] == Version && envelope.Length >= 2 + envelope[1]
            ? Encoding.ASCII.GetString(envelope.Slice(2, envelope[1]))
            : null;

    private static byte[] AssociatedData(ReadOnlySpan<byte> header, Guid organizationId, string purpose) =>
        // The header contains its own length and an id has sixteen bytes, so the concatenation is unambiguous.
        [.. header, .. organizationId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(purpose)];
}

/// <summary>A secret could not be decrypted. The message contains no secret.</summary>
public sealed class SecretBoxException : Exception
{
    private SecretBoxException(string message)
        : base(message)
    {
    }

    /// <summary>The id of the key that is missing from the settings; null when the envelope itself is wrong.</summary>
    public string? MissingKeyId { get; private init; }

    internal static SecretBoxException UnknownKey(string keyId) =>
        new($"The secret is sealed with the data key {keyId}, which is not among the configured ones.") { MissingKeyId = keyId };

    internal static SecretBoxException Tampered() =>
        new("The sealed secret was changed, or belongs to another organization or purpose.");
}
