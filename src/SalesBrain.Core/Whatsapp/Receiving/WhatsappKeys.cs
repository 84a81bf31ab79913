using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>
/// The keys that repeated deliveries share. A message is known by its id; a status by the message's id, the status and the recipient. They
/// begin differently from the keys of other sources, so that none is equal to one of those.
/// </summary>
internal static class WhatsappKeys
{
    private const string Prefix = "whatsapp";

    public static byte[] OfMessage(string id) => Hash('m', id);

    public static byte[] OfStatus(string id, string status, string? recipientId) => Hash('s', id, status, recipientId);

    /// <summary>What has no id is known by its bytes.</summary>
    public static byte[] OfBytes(ReadOnlySpan<byte> bytes) => Hash('b', Convert.ToHexString(SHA256.HashData(bytes)));

    private static byte[] Hash(char kind, params ReadOnlySpan<string?> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Prefix + kind));
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }
}
