using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Whatsapp.Receiving;

/// <summary>Finds the organization of a delivery.</summary>
public static class WhatsappNumbers
{
    /// <summary>The account that has the phone number; null if no account, or a disconnected one, has it.</summary>
    public static Task<WhatsappNumber?> FindAsync(PlatformSession session, string phoneNumberId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<WhatsappNumber>("""
            select a.organization_id, a.waba_id
            from app.whatsapp_account a
            where a.phone_number_id = @phoneNumberId and a.status <> 'disconnected'
            """, new { phoneNumberId }, cancellationToken);

    /// <summary>
    /// The one account with the id of a WhatsApp Business Account; null if there is none, or several organizations share it.
    /// </summary>
    public static async Task<WhatsappNumber?> FindByAccountAsync(
        PlatformSession session, string wabaId, CancellationToken cancellationToken) =>
        await session.QueryAsync<WhatsappNumber>("""
            select a.organization_id, a.waba_id
            from app.whatsapp_account a
            where a.waba_id = @wabaId and a.status <> 'disconnected'
            limit 2
            """, new { wabaId }, cancellationToken) is [var only] ? only : null;
}

/// <summary>The organization of a phone number, and the WhatsApp Business Account that the number belongs to.</summary>
public sealed record WhatsappNumber
{
    public Guid OrganizationId { get; init; }
    public string WabaId { get; init; } = "";
}
