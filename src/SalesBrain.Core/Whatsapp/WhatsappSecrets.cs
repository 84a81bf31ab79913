namespace SalesBrain.Core.Whatsapp;

/// <summary>What an organization's WhatsApp account needs and nobody may read.</summary>
public static class WhatsappSecrets
{
    /// <summary>The purpose that the business token is sealed for.</summary>
    public const string TokenPurpose = "whatsapp_account.token";

    /// <summary>The purpose that the PIN is sealed for, with which the number is registered.</summary>
    public const string PinPurpose = "whatsapp_account.pin";
}
