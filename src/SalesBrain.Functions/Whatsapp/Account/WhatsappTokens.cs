using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Security;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Seals and opens the secrets of an organization's WhatsApp account.</summary>
public sealed class WhatsappTokens(SecretBox secrets, ILogger<WhatsappTokens> log)
{
    private const int PinLength = 6;

    internal byte[] Seal(string token, Guid organizationId) => secrets.Seal(token, organizationId, WhatsappSecrets.TokenPurpose);

    /// <summary>The token; null if no configured data key opens it. Then the account must be connected again.</summary>
    internal string? Open(StoredWhatsappAccount account) => OpenText(account.TokenSealed!, account.OrganizationId, WhatsappSecrets.TokenPurpose);

    /// <summary>A random PIN of six digits.</summary>
    internal byte[] CreatePin(Guid organizationId) =>
        secrets.Seal(RandomNumberGenerator.GetString("0123456789", PinLength), organizationId, WhatsappSecrets.PinPurpose);

    /// <summary>The PIN; null if no configured data key opens it.</summary>
    internal string? OpenPin(byte[] pin, Guid organizationId) => OpenText(pin, organizationId, WhatsappSecrets.PinPurpose);

    /// <summary>The last four characters, by which people tell tokens apart.</summary>
    internal static string Last4(string token) => token.Length > 8 ? token[^4..] : "";

    private string? OpenText(byte[] sealedText, Guid organizationId, string purpose)
    {
        try
        {
            return secrets.OpenText(sealedText, organizationId, purpose);
        }
        catch (SecretBoxException e)
        {
            log.LogError("A secret of a WhatsApp account cannot be decrypted: {Reason}", e.Message);
            return null;
        }
    }
}
