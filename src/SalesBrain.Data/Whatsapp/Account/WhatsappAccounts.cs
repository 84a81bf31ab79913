using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Whatsapp.Account;

/// <summary>
/// The WhatsApp account of each organization. Every change of a signup names the sealed token that it was made with: if another signup or a
/// disconnection came between, it changes nothing and returns null.
/// </summary>
public static class WhatsappAccounts
{
    private const string Columns = """
        a.id, a.organization_id, a.status, a.waba_id, a.phone_number_id, a.display_number, a.verified_name, a.quality, a.coexists, a.token_sealed, a.token_last4,
        a.pin_sealed, a.granted_scopes, a.token_checked_at, a.number_found_at, a.subscribed_at, a.registered_at, a.webhook_seen_at, a.error_code,
        a.error_message, a.messages_per_second, a.sends_after, a.templates, a.templates_at, a.connected_by, a.connected_at, a.checked_at, a.disconnected_at,
        a.version, a.created_at, a.updated_at
        """;

    /// <summary>Null if the organization never connected one.</summary>
    public static Task<StoredWhatsappAccount?> FindAsync(
        DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>(
            $"select {Columns} from app.whatsapp_account a where a.organization_id = @organizationId", new { organizationId },
            cancellationToken);

    /// <summary>Whether another organization uses a number of the same WhatsApp Business Account.</summary>
    public static Task<bool> IsSharedAsync(PlatformSession session, StoredWhatsappAccount account, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("""
            select exists (
                select from app.whatsapp_account a where a.waba_id = @WabaId and a.organization_id <> @OrganizationId and a.status <> 'disconnected')
            """, new { account.WabaId, account.OrganizationId }, cancellationToken);

    /// <summary>
    /// Begins a signup with a token: all steps are open. A number of the same WhatsApp Business Account is kept, and so is the PIN. Returns
    /// null if the organization has an account that works.
    /// </summary>
    public static Task<StoredWhatsappAccount?> BeginAsync(
        DatabaseSession session, Guid organizationId, string wabaId, bool coexists, byte[] token, string last4, Guid userId, DateTime now,
        CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            insert into app.whatsapp_account as a (
                organization_id, status, waba_id, coexists, token_sealed, token_last4, connected_by, created_at, updated_at)
            values (@organizationId, 'pending', @wabaId, @coexists, @token, @last4, @userId, @now, @now)
            on conflict (organization_id) do update set
                status = 'pending', waba_id = excluded.waba_id, coexists = excluded.coexists, token_sealed = excluded.token_sealed,
                token_last4 = excluded.token_last4, connected_by = excluded.connected_by, updated_at = excluded.updated_at,
                phone_number_id = case when a.waba_id = excluded.waba_id then a.phone_number_id end,
                display_number = case when a.waba_id = excluded.waba_id then a.display_number end,
                verified_name = case when a.waba_id = excluded.waba_id then a.verified_name end,
                quality = case when a.waba_id = excluded.waba_id then a.quality end,
                granted_scopes = excluded.granted_scopes, token_checked_at = null, number_found_at = null, subscribed_at = null, registered_at = null,
                webhook_seen_at = null, error_code = null, error_message = null, sends_after = null, templates = null, templates_at = null,
                connected_at = null, checked_at = null, disconnected_at = null
            where a.status <> 'configured'
            returning {Columns}
            """, new { organizationId, wabaId, coexists, token, last4, userId, now }, cancellationToken);

    /// <summary>The token is ours and was granted for the account.</summary>
    public static Task<StoredWhatsappAccount?> SetTokenCheckedAsync(
        DatabaseSession session, StoredWhatsappAccount account, IReadOnlyCollection<string> scopes, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set token_checked_at = @now, granted_scopes = @scopes, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, scopes = scopes.ToArray(), now }, cancellationToken);

    /// <summary>
    /// The number is one of the account. Throws <see cref="Npgsql.PostgresException"/> with constraint
    /// <c>whatsapp_account_phone_number_id_key</c> if another organization has it.
    /// </summary>
    public static Task<StoredWhatsappAccount?> SetNumberAsync(
        DatabaseSession session, StoredWhatsappAccount account, ShownNumber number, bool coexists, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set
                registered_at = case when a.phone_number_id = @Id then a.registered_at end,
                number_found_at = @now, phone_number_id = @Id, display_number = @DisplayNumber, verified_name = @VerifiedName, quality = @Quality,
                coexists = @coexists, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning {Columns}
            """, new
        {
            account.OrganizationId,
            account.TokenSealed,
            number.Id,
            number.DisplayNumber,
            number.VerifiedName,
            number.Quality,
            coexists,
            now,
        }, cancellationToken);

    /// <summary>Meta sends the account's events to SalesBrain.</summary>
    public static Task<StoredWhatsappAccount?> SetSubscribedAsync(
        DatabaseSession session, StoredWhatsappAccount account, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set subscribed_at = @now, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, now }, cancellationToken);

    /// <summary>
    /// The sealed PIN that the number is registered with: the one of before, unless it is <paramref name="unreadable"/>, or else
    /// <paramref name="pin"/>. Stored before it is used.
    /// </summary>
    public static Task<byte[]?> EnsurePinAsync(
        DatabaseSession session, StoredWhatsappAccount account, byte[] pin, byte[]? unreadable, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<byte[]>("""
            update app.whatsapp_account a set pin_sealed = coalesce(nullif(a.pin_sealed, @unreadable::bytea), @pin), updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning a.pin_sealed
            """, new { account.OrganizationId, account.TokenSealed, pin, unreadable, now }, cancellationToken);

    /// <summary>All steps are done: the account can be used.</summary>
    public static Task<StoredWhatsappAccount?> SetConfiguredAsync(
        DatabaseSession session, StoredWhatsappAccount account, int messagesPerSecond, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set
                status = 'configured', registered_at = case when not a.coexists then @now end, connected_at = @now, error_code = null, error_message = null,
                messages_per_second = @messagesPerSecond, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed and a.status = 'pending'
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, messagesPerSecond, now }, cancellationToken);

    /// <summary>Stores why the last call failed.</summary>
    public static Task<StoredWhatsappAccount?> SetErrorAsync(
        DatabaseSession session, StoredWhatsappAccount account, string code, string message, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set error_code = @code, error_message = @message, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, code, message, now }, cancellationToken);

    /// <summary>
    /// Forgets the token, and why, if there is a reason. The number can then be connected to another organization. The PIN is kept, because
    /// the number has it.
    /// </summary>
    public static Task<StoredWhatsappAccount?> DisconnectAsync(
        DatabaseSession session, StoredWhatsappAccount account, string? code, string? message, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set
                status = 'disconnected', token_sealed = null, token_last4 = null, phone_number_id = null, granted_scopes = default,
                token_checked_at = null, number_found_at = null, subscribed_at = null, registered_at = null, templates = null, templates_at = null,
                error_code = @code, error_message = @message, disconnected_at = @now, updated_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, code, message, now }, cancellationToken);

    /// <summary>Meta has described the number, and accepts the token: an account that needed a new connection works again.</summary>
    public static Task<StoredWhatsappAccount?> SetCheckedAsync(
        DatabaseSession session, StoredWhatsappAccount account, ShownNumber number, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<StoredWhatsappAccount>($"""
            update app.whatsapp_account a set
                display_number = coalesce(@DisplayNumber, a.display_number), verified_name = coalesce(@VerifiedName, a.verified_name),
                quality = coalesce(@Quality, a.quality), checked_at = @now, error_code = null, error_message = null, updated_at = @now,
                status = case when a.status = 'needs_reconnect' then 'configured' else a.status end
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed and a.phone_number_id = @Id
            returning {Columns}
            """, new { account.OrganizationId, account.TokenSealed, number.Id, number.DisplayNumber, number.VerifiedName, number.Quality, now }, cancellationToken);

    /// <summary>Keeps the approved templates.</summary>
    public static Task SetTemplatesAsync(
        PlatformSession session, StoredWhatsappAccount account, JsonElement templates, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.whatsapp_account a set templates = @templates, templates_at = @now
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed
            """, new { account.OrganizationId, account.TokenSealed, templates, now }, cancellationToken);

    /// <summary>
    /// Meta no longer accepts the token of an account that works. Nothing is sent any more, and the people who can connect it are notified,
    /// once.
    /// </summary>
    public static Task SetNeedsReconnectAsync(
        PlatformSession session, StoredWhatsappAccount account, string code, string message, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            -- A pause makes no difference any more.
            update app.whatsapp_account a set sends_after = null
            where a.organization_id = @OrganizationId and a.token_sealed = @TokenSealed and a.status = 'configured' and a.sends_after is not null;

            select app.stop_sending(@OrganizationId, @TokenSealed, null, @code, @message, @now)
            """, new { account.OrganizationId, account.TokenSealed, code, message, now }, cancellationToken);
}

/// <summary>How Meta describes a phone number.</summary>
public sealed record ShownNumber(string Id, string? DisplayNumber, string? VerifiedName, string? Quality);
