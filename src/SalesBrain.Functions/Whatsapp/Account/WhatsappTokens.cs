using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Security;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Seals and opens the secrets of an organization's WhatsApp account.</summary>
public sealed class WhatsappTokens(SecretBox secrets)
{
    private const int PinLength = 6;

    internal byte[] Seal(string token, Guid organizationId) => secrets.Seal(token, organizationId, WhatsappSecrets.TokenPurpose);

    /// <exception cref="SecretBoxException">No configured data key opens it.</exception>
    internal string Open(StoredWhatsappAccount account) =>
        Encoding.UTF8.GetString(secrets.Open(account.TokenSealed!, account.OrganizationId, WhatsappSecrets.TokenPurpose));

    /// <summary>A random PIN of six digits.</summary>
    internal byte[] CreatePin(Guid organizationId) =>
        secrets.Seal(RandomNumberGenerator.GetString("0123456789", PinLength), organizationId, WhatsappSecrets.PinPurpose);

    internal string OpenPin(byte[] pin, Guid organizationId) =>
        Encoding.UTF8.GetString(secrets.Open(pin, organizationId, WhatsappSecrets.PinPurpose));

    /// <summary>The last four characters, by which people tell tokens apart.</summary>
    internal static string Last4(string token) => token.Length > 8 ? token[^4..] : "";
}
