using System.Text.Json;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Receiving;

/// <summary>
/// Webhook endpoints as receiving needs them. A delivery's endpoint is looked up by its token, before the organization is known.
/// </summary>
public static class ReceivingEndpoints
{
    /// <summary>The endpoint of a token, or of a previous token within its grace time; null if there is none.</summary>
    public static Task<ReceivingEndpoint?> FindAsync(
        PlatformSession session, string source, byte[] tokenHash, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ReceivingEndpoint>("""
            select e.id, e.organization_id, e.source, e.version, e.auth_mode, e.auth_settings, e.secret_sealed, e.previous_secret_sealed,
                e.previous_secret_expires_at, e.status, o.status as organization_status, e.type_aliases, e.field_paths
            from app.webhook_endpoint e
            join app.organization o on o.id = e.organization_id
            where (e.token_hash = @tokenHash or (e.previous_token_hash = @tokenHash and e.previous_token_expires_at > @now))
                and e.source = @source and e.deleted_at is null
            """, new { source, tokenHash, now }, cancellationToken);

    /// <summary>The endpoint by its id, without its secrets, for events that a person trusts; null if there is none.</summary>
    public static Task<ReceivingEndpoint?> FindByIdAsync(DatabaseSession session, Guid endpointId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ReceivingEndpoint>("""
            select e.id, e.organization_id, e.source, e.version, e.auth_mode, e.status, o.status as organization_status, e.type_aliases, e.field_paths
            from app.webhook_endpoint e
            join app.organization o on o.id = e.organization_id
            where e.id = @endpointId and (@org::uuid is null or e.organization_id = @org) and e.deleted_at is null
            """, new { endpointId, org = session.OrganizationId }, cancellationToken);
}

/// <summary>The data of an endpoint that receiving a delivery needs.</summary>
public sealed record ReceivingEndpoint
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string Source { get; init; } = "";
    public int Version { get; init; }
    public string AuthMode { get; init; } = "";
    public JsonElement AuthSettings { get; init; }
    public byte[]? SecretSealed { get; init; }
    public byte[]? PreviousSecretSealed { get; init; }
    public DateTime? PreviousSecretExpiresAt { get; init; }
    public string Status { get; init; } = "";
    public string OrganizationStatus { get; init; } = "";
    public JsonElement TypeAliases { get; init; }
    public JsonElement FieldPaths { get; init; }

    /// <summary>The endpoint's source, which reads events by the endpoint's own settings first.</summary>
    public EventSource EventSource => EventSources.Find(Source)!.With(ReadingSettings.Of(TypeAliases, FieldPaths));

    /// <summary>What <see cref="ReceivingRules"/> decides on.</summary>
    public ReceivingState State => new(Status, OrganizationStatus);
}
