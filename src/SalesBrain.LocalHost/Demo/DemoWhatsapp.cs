using SalesBrain.Core.Security;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Sandbox.Whatsapp;

namespace SalesBrain.LocalHost.Demo;

/// <summary>The WhatsApp account of the demo organization, at this host's sandbox.</summary>
internal static class DemoWhatsapp
{
    /// <summary>Connects the account once. One that somebody disconnected or connected again stays so.</summary>
    internal static Task EnsureAsync(
        PlatformSession session, SecretBox secrets, string slug, DateTime now, CancellationToken cancellationToken) =>
        EnsureAsync(session, secrets, slug, WhatsappSandbox.CreateDemoAccount(), now, cancellationToken);

    private static async Task EnsureAsync(
        PlatformSession session, SecretBox secrets, string slug, WhatsappSandboxAccount account, DateTime now, CancellationToken cancellationToken)
    {
        var organization = await session.QuerySingleOrDefaultAsync<Guid?>(
            "select id from app.organization where slug = @slug", new { slug }, cancellationToken);
        if (organization is not { } id)
        {
            return;
        }
        var number = account.Numbers[0];
        await session.ExecuteAsync("""
            insert into app.whatsapp_account (
                organization_id, status, waba_id, phone_number_id, display_number, verified_name, quality, token_sealed, token_last4, pin_sealed, granted_scopes,
                token_checked_at, number_found_at, subscribed_at, registered_at, connected_at, checked_at, created_at, updated_at)
            values (
                @id, 'configured', @WabaId, @phoneNumberId, @DisplayNumber, @VerifiedName, @Quality, @token, @last4, @pin, @scopes,
                @now, @now, @now, @now, @now, @now, @now, @now)
            on conflict (organization_id) do nothing
            """, new
        {
            id,
            account.WabaId,
            phoneNumberId = number.Id,
            number.DisplayNumber,
            number.VerifiedName,
            number.Quality,
            token = secrets.Seal(account.Token, id, WhatsappSecrets.TokenPurpose),
            last4 = account.Token[^4..],
            pin = secrets.Seal(number.Pin!, id, WhatsappSecrets.PinPurpose),
            scopes = account.Scopes.ToArray(),
            now,
        }, cancellationToken);
    }
}
