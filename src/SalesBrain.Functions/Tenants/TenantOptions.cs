using System.Security.Cryptography;
using System.Text;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Tenants;

/// <summary>Settings <c>Tenants__…</c>.</summary>
// A class, not a record: a record's ToString would print the key.
public sealed class TenantOptions
{
    private const int MinKeyLength = 32;

    private byte[]? Hash { get; init; }

    /// <summary>Whether a text is the key with which other services look up tenants. False without a key.</summary>
    internal bool IsServiceKey(string? text) =>
        Hash is not null && text is not null
            && CryptographicOperations.FixedTimeEquals(Hash, SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal static TenantOptions Read(SettingsReader settings)
    {
        var key = settings.Text("Tenants__ServiceKey", "the key with which other services look up tenants", "");
        settings.Check(
            key.Length is 0 or >= MinKeyLength,
            $"Tenants__ServiceKey must be at least {MinKeyLength} characters: the key with which other services look up tenants.");
        return new() { Hash = key.Length < MinKeyLength ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key)) };
    }
}
