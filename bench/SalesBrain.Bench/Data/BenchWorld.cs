using System.Text.Json;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Bench.Data;

/// <summary>
/// Twenty organizations, each with an owner, a receiving endpoint and campaigns; ids follow from the organization's number.
/// </summary>
internal static class BenchWorld
{
    public const int Organizations = 20;

    /// <summary>Of each organization; also how many campaigns the events of a load name.</summary>
    public const int Campaigns = 40;

    /// <summary>A platform operator's.</summary>
    public static readonly Guid Operator = new("ffffffff-0000-4000-8000-000000000001");

    /// <summary>The organization, and also its owner and its endpoint. Numbers count from 1.</summary>
    public static Guid Id(int organization) => new($"{organization:x32}");

    public static string Token(int organization) => $"bench-{organization}";

    /// <summary>The organization's number at WhatsApp.</summary>
    public static string PhoneNumberId(int organization) => $"1000000000{organization:d5}";

    /// <summary>The organization's WhatsApp Business Account.</summary>
    public static string WabaId(int organization) => $"2000000000{organization:d5}";

    public static Task CreateAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        database.AsOwnerAsync("""
            insert into app.organization (id, name, slug)
            select id, 'Organization ' || n, 'organization-' || n from unnest(@ids) with ordinality as o (id, n);

            insert into app.tenant (organization_id, tenant_key)
            select id, slug from app.organization;

            insert into app.user (id, organization_id, email, email_norm, first_name, role)
            select id, id, slug || '@bench.example', slug || '@bench.example', 'Owner', 'owner' from app.organization
            union all
            select @Operator, null, 'operator@bench.example', 'operator@bench.example', 'Operator', 'sb_admin';

            -- The session that each is signed in by has the user's id.
            insert into app.refresh_token (id, family_id, organization_id, user_id, token_hash, expires_at)
            select id, id, organization_id, id, sha256(id::text::bytea), now() + interval '10 years' from app.user;

            insert into app.webhook_endpoint (id, organization_id, source, name, token_hash, token_last4, auth_mode, auth_settings, secret_sealed)
            select id, id, 'instantly', 'Bench', hash, '0000', 'header', @settings::jsonb, sealed
            from unnest(@ids, @hashes, @sealed) as e (id, hash, sealed);

            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, token_sealed)
            select id, 'configured', waba_id, phone_number_id, '\x00' from unnest(@ids, @wabaIds, @phoneNumberIds) as a (id, waba_id, phone_number_id);

            select app.ensure_month_partitions(now(), 4);
            """, new
        {
            Operator,
            ids = Numbers.Select(Id).ToArray(),
            wabaIds = Numbers.Select(WabaId).ToArray(),
            phoneNumberIds = Numbers.Select(PhoneNumberId).ToArray(),
            hashes = Numbers.Select(n => WebhookSecrets.HashToken(Token(n))).ToArray(),
            @sealed = Numbers.Select(n => SecretBox.Seal(EventLoad.Secret, Id(n), WebhookEndpointSecrets.Purpose)).ToArray(),
            settings = JsonSerializer.Serialize(
                new WebhookAuthentication { Mode = AuthenticationModes.Header, Header = EventLoad.SecretHeader },
                ColumnJson.Options),
        }, cancellationToken);

    private static SecretBox SecretBox { get; } = new(
        new DataKeys { Keys = [new DataKey { Id = HostSettings.KeyId, Secret = HostSettings.DataKey }] });

    private static IEnumerable<int> Numbers { get; } = Enumerable.Range(1, Organizations);
}
