using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Security;

/// <summary>
/// Recognizes the e-mail address of an erased person without keeping it: HMAC-SHA-256 of organization and address under random keys of its
/// own. The database keeps these keys sealed with a data key, so that a data key can be replaced without changing a hash
/// (docs/decisions/0007). Thread-safe.
/// </summary>
public sealed class AddressHashes
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>The purpose that keys are sealed for, bound to no organization (<see cref="Guid.Empty"/>).</summary>
    public const string Purpose = "address_hash.key";

    private readonly byte[][] _keys;

    /// <summary>The newest key comes first.</summary>
    /// <exception cref="ArgumentException">There is no key, or one has another length than <see cref="KeyBytes"/>.</exception>
    public AddressHashes(IReadOnlyList<byte[]> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Length != KeyBytes))
        {
            throw new ArgumentException($"The keys must be at least one, of {KeyBytes} bytes each.", nameof(keys));
        }
        _keys = [.. keys];
    }

    /// <summary>A new key.</summary>
    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>The hash to keep of an erased address, made with the newest key.</summary>
    /// <param name="organizationId">The organization that erased the person. The hashes of an address in two organizations cannot be
    /// compared.</param>
    /// <param name="address">The address in its normal form (<see cref="Values.Emails.Normalize"/>).</param>
    public byte[] Create(Guid organizationId, string address) => HashOf(_keys[0], organizationId, address);

    /// <summary>The hashes to look an address up by, one of each key. The address is known if any of them is kept.</summary>
    /// <param name="organizationId">As in <see cref="Create"/>.</param>
    /// <param name="address">As in <see cref="Create"/>.</param>
    public IReadOnlyList<byte[]> FindBy(Guid organizationId, string address) =>
        [.. _keys.Select(key => HashOf(key, organizationId, address))];

    private static byte[] HashOf(byte[] key, Guid organizationId, string address)
    {
        // An id has sixteen bytes, so the concatenation is unambiguous.
        byte[] message = [.. organizationId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(address)];
        return HMACSHA256.HashData(key, message);
    }
}
