using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Security;

/// <summary>
/// Authenticates values that callers get and send back, such as page cursors: HMAC-SHA-256, cut to <see cref="Length"/> bytes, under keys
/// that are derived from the data keys for one purpose (HKDF, RFC 5869). All instances agree. The first key signs and all keys verify, so
/// that keys can be changed. Thread-safe.
/// </summary>
public sealed class MessageCodes
{
    /// <summary>Bytes of a code.</summary>
    public const int Length = 16;

    private readonly byte[][] _keys;

    /// <summary><paramref name="purpose"/> keeps the codes of different uses apart.</summary>
    /// <exception cref="ArgumentException">The keys have <see cref="DataKeys.Problems"/>.</exception>
    public MessageCodes(DataKeys keys, string purpose)
    {
        if (keys.Problems() is [var problem, ..])
        {
            throw new ArgumentException(problem, nameof(keys));
        }
        _keys = [.. keys.Keys.Select(key => HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Convert.FromBase64String(key.Secret), HMACSHA256.HashSizeInBytes,
            info: Encoding.UTF8.GetBytes(purpose)))];
    }

    /// <summary>The code of a message.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => CodeOf(_keys[0], message);

    /// <summary>Whether one of the keys gives the message this code. Compares in constant time.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> code)
    {
        var matches = false;
        foreach (var key in _keys)
        {
            matches |= CryptographicOperations.FixedTimeEquals(CodeOf(key, message), code);
        }
        return matches;
    }

    private static byte[] CodeOf(byte[] key, ReadOnlySpan<byte> message) => HMACSHA256.HashData(key, message)[..Length];
}
