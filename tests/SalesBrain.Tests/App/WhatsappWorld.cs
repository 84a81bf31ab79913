using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Security;
using SalesBrain.Core.Whatsapp;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.Whatsapp;

namespace SalesBrain.Tests.App;

/// <summary>WhatsApp accounts of organizations, at the sandbox.</summary>
public static class WhatsappWorld
{
    public const string Status = "/api/agents/whatsapp/status";
    public const string SignUp = "/api/admin/whatsapp/signup";
    public const string Account = "/api/admin/whatsapp/account";
    public const string Check = $"{Account}/check";
    public const string Templates = "/api/admin/whatsapp/templates";

    /// <summary>The calls of a whole signup.</summary>
    public static readonly string[] SignupCalls =
        ["GET debug_token", "GET phone_numbers", "POST subscribed_apps", "POST register", "GET number"];

    /// <summary>The columns of the steps, in their order.</summary>
    public static readonly string[] StepColumns = ["token_checked_at", "number_found_at", "subscribed_at", "registered_at"];

    /// <summary>
    /// An account that is connected, unless there is one. <paramref name="reconnect"/> also connects one that is not any more.
    /// </summary>
    public static async Task EnsureWhatsappAccountAsync(this TestApp app, Guid organizationId, bool reconnect)
    {
        var found = await app.QueryAsync<string>(
            "select status from app.whatsapp_account where organization_id = @organizationId", new { organizationId });
        if (found.Count == 0 || (reconnect && found[0] != "configured"))
        {
            await app.CreateWhatsappAccountAsync(organizationId);
        }
    }

    /// <summary>
    /// An account that is connected, in place of the organization's, at the app's sandbox. Of two at once the first remains.
    /// </summary>
    public static async Task<WhatsappSandboxAccount> CreateWhatsappAccountAsync(
        this TestApp app, Guid organizationId, WhatsappSandboxAccount? account = null, string status = "configured")
    {
        var sandbox = (app as WhatsappApp)?.Sandbox ?? WhatsappStub.Shared.Sandbox;
        account = sandbox.Add(account ?? new WhatsappSandboxAccount());
        var number = account.Numbers[0];
        number.Pin ??= "123456";
        account.IsSubscribed = true;
        var box = app.Services.GetRequiredService<SecretBox>();
        await app.ExecuteAsync("""
            insert into app.whatsapp_account as a (
                organization_id, status, waba_id, phone_number_id, display_number, verified_name, quality, token_sealed, token_last4, pin_sealed, granted_scopes,
                token_checked_at, number_found_at, subscribed_at, registered_at, connected_at)
            values (
                @organizationId, @status, @WabaId, @phone, @DisplayNumber, @VerifiedName, @Quality, @token, right(@plainToken, 4), @pin, @scopes,
                now(), now(), now(), now(), now())
            on conflict (organization_id) do update set
                status = excluded.status, waba_id = excluded.waba_id, phone_number_id = excluded.phone_number_id, token_sealed = excluded.token_sealed,
                pin_sealed = excluded.pin_sealed, disconnected_at = null
            where a.status <> 'configured'
            """, new
        {
            organizationId,
            status,
            account.WabaId,
            phone = number.Id,
            number.DisplayNumber,
            number.VerifiedName,
            number.Quality,
            token = box.Seal(account.Token, organizationId, WhatsappSecrets.TokenPurpose),
            plainToken = account.Token,
            pin = box.Seal(number.Pin, organizationId, WhatsappSecrets.PinPurpose),
            scopes = account.Scopes.ToArray(),
        });
        return account;
    }

    /// <summary>The stored account as JSON.</summary>
    public static Task<JsonElement> StoredWhatsappAccountAsync(this TestApp app, Guid organizationId) => app.QuerySingleJsonAsync("""
        select status, waba_id, phone_number_id, display_number, coexists, token_sealed is not null as has_token, token_last4, pin_sealed is not null as has_pin,
            token_checked_at is not null as token_checked, number_found_at is not null as number_found, subscribed_at is not null as subscribed,
            registered_at is not null as registered, error_code, messages_per_second
        from app.whatsapp_account where organization_id = @organizationId
        """, new { organizationId });

    /// <summary>The PIN that is stored for the organization's number.</summary>
    public static async Task<string> StoredPinAsync(this TestApp app, Guid organizationId) => Encoding.UTF8.GetString(
        app.Services.GetRequiredService<SecretBox>().Open(
            await app.QuerySingleAsync<byte[]>(
                "select pin_sealed from app.whatsapp_account where organization_id = @organizationId", new { organizationId }),
            organizationId,
            WhatsappSecrets.PinPurpose));

    /// <summary>The actions in the audit log about the organization's account, in order.</summary>
    public static Task<IReadOnlyList<string>> WhatsappAuditAsync(this TestApp app, Guid organizationId) => app.QueryAsync<string>("""
        select action from app.audit_log where organization_id = @organizationId and entity = 'whatsapp_account' order by at, id
        """, new { organizationId });
}
