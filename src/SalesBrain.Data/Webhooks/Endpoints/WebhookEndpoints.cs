using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Endpoints;

/// <summary>
/// Webhook endpoints as people manage them. A trigger raises <c>version</c> with every change; storing a delivery compares it, because the
/// receiver may have cached an older version. Deleted endpoints are not found any more; logs and rejections still refer to them.
/// </summary>
public static class WebhookEndpoints
{
    private const string Columns =
        "e.id, e.organization_id, e.source, e.name, e.token_last4, e.previous_token_expires_at, e.auth_mode, e.auth_settings, "
        + "e.secret_last4, e.previous_secret_expires_at, e.status, e.expect_every_seconds, e.type_aliases, e.field_paths, e.silent_since, "
        + "e.version, e.created_by, e.created_at, e.updated_at";

    private const string LastReceivedAt =
        "(select max(l.created_at) from app.webhook_log l where l.endpoint_id = e.id and l.organization_id "
        + "= e.organization_id) as last_received_at";

    /// <summary>The endpoints that match, newest first, each with the time of its newest log, and how many match in all.</summary>
    public static Task<(List<WebhookEndpointRow> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, WebhookEndpointFilter filter, NewestFirstPage page, CancellationToken cancellationToken) =>
        NewestFirstSql.ReadAsync<WebhookEndpointRow>(session, ListStatement(SessionScope.Of(session), filter, page), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, WebhookEndpointFilter filter, NewestFirstPage page)
    {
        const string Matches = """
            e.deleted_at is null and (@org::uuid is null or e.organization_id = @org)
            and (@OrganizationId::uuid is null or e.organization_id = @OrganizationId)
            and (@Source::text is null or e.source = @Source) and (@Status::text is null or e.status = @Status)
            """;
        var list = new NewestFirstSql("e");
        return new(
            $"""
            select {Columns}, {LastReceivedAt}
            from app.webhook_endpoint e
            where {Matches}
            and {list.IsAfterCursor}
            {list.Order}
            {list.Limit};

            {NewestFirstSql.Count("app.webhook_endpoint e", Matches)}
            """,
            new { org = scope.OrganizationId }, filter, list.Parameters(page));
    }

    /// <summary>One endpoint with the time of its newest log; null if it does not exist.</summary>
    public static Task<WebhookEndpointRow?> FindAsync(DatabaseSession session, Guid endpointId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<WebhookEndpointRow>($"""
            select {Columns}, {LastReceivedAt}
            from app.webhook_endpoint e
            where e.id = @endpointId and (@org::uuid is null or e.organization_id = @org) and e.deleted_at is null
            """, new { endpointId, org = session.OrganizationId }, cancellationToken);

    /// <summary>Locks one endpoint until the transaction ends; null if it does not exist.</summary>
    public static Task<WebhookEndpointRow?> LockAsync(DatabaseSession session, Guid endpointId, CancellationToken cancellationToken) =>
        // Not "for update": that would wait for deliveries whose logs refer to the endpoint, and block them.
        session.QuerySingleOrDefaultAsync<WebhookEndpointRow>($"""
            select {Columns}, {LastReceivedAt}
            from app.webhook_endpoint e
            where e.id = @endpointId and (@org::uuid is null or e.organization_id = @org) and e.deleted_at is null
            for no key update
            """, new { endpointId, org = session.OrganizationId }, cancellationToken);

    /// <summary>Adds an endpoint; false when its organization does not exist.</summary>
    public static async Task<bool> AddAsync(DatabaseSession session, NewWebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            insert into app.webhook_endpoint (
                id, organization_id, source, name, token_hash, token_last4, auth_mode, auth_settings, secret_sealed, secret_last4, status,
                expect_every_seconds, type_aliases, field_paths, created_by, created_at, updated_at)
            select @Id, o.id, @Source, @Name, @TokenHash, @TokenLast4, @AuthMode, @AuthSettings, @SecretSealed, @SecretLast4, @Status,
                @ExpectEverySeconds, @TypeAliases, @FieldPaths, @CreatedBy, @CreatedAt, @CreatedAt
            from app.organization o
            where o.id = @OrganizationId
            """, endpoint, cancellationToken) == 1;

    /// <summary>
    /// Writes what may change of a locked endpoint; returns it as it is now. Another mode replaces the secret, and nothing stays of the one
    /// before: it would be of another kind. Another status or expectation begins a new watch for silence.
    /// </summary>
    public static Task<WebhookEndpointRow> UpdateAsync(
        DatabaseSession session, WebhookEndpointRow endpoint, byte[]? secretSealed, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<WebhookEndpointRow>($"""
            update app.webhook_endpoint e set
                name = @Name,
                auth_mode = @AuthMode,
                auth_settings = @AuthSettings,
                secret_sealed = case when e.auth_mode = @AuthMode then e.secret_sealed else @secretSealed end,
                secret_last4 = case when e.auth_mode = @AuthMode then e.secret_last4 else @SecretLast4 end,
                previous_secret_sealed = case when e.auth_mode = @AuthMode then e.previous_secret_sealed end,
                previous_secret_expires_at = case when e.auth_mode = @AuthMode then e.previous_secret_expires_at end,
                status = @Status,
                expect_every_seconds = @ExpectEverySeconds,
                type_aliases = @TypeAliases,
                field_paths = @FieldPaths,
                reading_changed_at = case
                    when e.type_aliases = @TypeAliases and e.field_paths = @FieldPaths then e.reading_changed_at else @UpdatedAt end,
                silent_since = case
                    when e.status = @Status and e.expect_every_seconds is not distinct from @ExpectEverySeconds then e.silent_since end,
                updated_at = @UpdatedAt
            where e.organization_id = @OrganizationId and e.id = @Id
            returning {Columns}, {LastReceivedAt}
            """, new
        {
            endpoint.OrganizationId,
            endpoint.Id,
            endpoint.Name,
            endpoint.AuthMode,
            endpoint.AuthSettings,
            secretSealed,
            endpoint.SecretLast4,
            endpoint.Status,
            endpoint.ExpectEverySeconds,
            endpoint.TypeAliases,
            endpoint.FieldPaths,
            endpoint.UpdatedAt,
        }, cancellationToken);

    /// <summary>
    /// Replaces a locked endpoint's token; the one it had works until <paramref name="previousUntil"/>, null = no longer.
    /// </summary>
    public static Task RotateTokenAsync(
        DatabaseSession session, WebhookEndpointRow endpoint, byte[] tokenHash, string tokenLast4, DateTime? previousUntil, DateTime now,
        CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_endpoint e set
                token_hash = @tokenHash,
                token_last4 = @tokenLast4,
                previous_token_hash = case when @previousUntil::timestamptz is not null then e.token_hash end,
                previous_token_expires_at = @previousUntil,
                updated_at = @now
            where e.organization_id = @OrganizationId and e.id = @Id
            """, new { endpoint.OrganizationId, endpoint.Id, tokenHash, tokenLast4, previousUntil, now }, cancellationToken);

    /// <summary>
    /// Replaces a locked endpoint's secret; the one it had works until <paramref name="previousUntil"/>. It is kept even where that is now,
    /// so that a refusal can say that the sender still uses it.
    /// </summary>
    public static Task RotateSecretAsync(
        DatabaseSession session, WebhookEndpointRow endpoint, byte[] secretSealed, string secretLast4, DateTime previousUntil, DateTime now,
        CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_endpoint e set
                secret_sealed = @secretSealed,
                secret_last4 = @secretLast4,
                previous_secret_sealed = e.secret_sealed,
                previous_secret_expires_at = @previousUntil,
                updated_at = @now
            where e.organization_id = @OrganizationId and e.id = @Id
            """, new { endpoint.OrganizationId, endpoint.Id, secretSealed, secretLast4, previousUntil, now }, cancellationToken);

    /// <summary>Deletes a locked endpoint. Its tokens stop working.</summary>
    public static Task DeleteAsync(
        DatabaseSession session, WebhookEndpointRow endpoint, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_endpoint e set
                previous_token_hash = null,
                previous_token_expires_at = null,
                previous_secret_sealed = null,
                previous_secret_expires_at = null,
                silent_since = null,
                updated_at = @now,
                deleted_at = @now
            where e.organization_id = @OrganizationId and e.id = @Id
            """, new { endpoint.OrganizationId, endpoint.Id, now }, cancellationToken);
}

/// <summary>Which endpoints; null = whichever.</summary>
public sealed record WebhookEndpointFilter(Guid? OrganizationId, string? Source, string? Status);

/// <summary>An endpoint without what is secret about it.</summary>
public sealed record WebhookEndpointRow : INewestFirstRow
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string Source { get; init; } = "";
    public string Name { get; init; } = "";
    public string TokenLast4 { get; init; } = "";

    /// <summary>Until when the token before the last rotation works; may be past.</summary>
    public DateTime? PreviousTokenExpiresAt { get; init; }
    public string AuthMode { get; init; } = "";
    public JsonElement AuthSettings { get; init; }
    public string? SecretLast4 { get; init; }

    /// <summary>Until when the secret before the last rotation works; may be past.</summary>
    public DateTime? PreviousSecretExpiresAt { get; init; }
    public string Status { get; init; } = "";
    public int? ExpectEverySeconds { get; init; }

    /// <summary>From the sender's names of event types to canonical ones.</summary>
    public JsonElement TypeAliases { get; init; }

    /// <summary>From the names of fields to JSON Pointers.</summary>
    public JsonElement FieldPaths { get; init; }
    public DateTime? SilentSince { get; init; }
    public int Version { get; init; }
    public Guid? CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }

    /// <summary>When the newest of its logs that are still kept was received.</summary>
    public DateTime? LastReceivedAt { get; init; }
}

/// <summary>An endpoint to be added.</summary>
public sealed record NewWebhookEndpoint
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string Source { get; init; }
    public required string Name { get; init; }
    public required byte[] TokenHash { get; init; }
    public required string TokenLast4 { get; init; }
    public required string AuthMode { get; init; }

    /// <summary>A <see cref="Core.Webhooks.Receiving.Verification.WebhookAuthentication"/>; the mode has a column of its own.</summary>
    public required JsonElement AuthSettings { get; init; }

    /// <summary>Null in mode token.</summary>
    public byte[]? SecretSealed { get; init; }
    public string? SecretLast4 { get; init; }
    public required string Status { get; init; }
    public int? ExpectEverySeconds { get; init; }
    public required JsonElement TypeAliases { get; init; }
    public required JsonElement FieldPaths { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
}
