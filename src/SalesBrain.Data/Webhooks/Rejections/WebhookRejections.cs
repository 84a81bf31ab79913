using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Rejections;

/// <summary>Refused deliveries to known endpoints, for finding a sender's mistake.</summary>
public static class WebhookRejections
{
    /// <summary>Most bytes of a refused body that are kept.</summary>
    public const int MaxBody = 64 * 1024;

    private const string Columns =
        "r.id, r.organization_id, r.endpoint_id, r.event_source, r.cause, r.diagnosis, r.content_type, r.body_size, octet_length(r.body) as kept_size, "
        + "host(r.remote_ip) as remote_ip, r.created_at, r.readmitted_at, r.readmitted_by, r.readmitted_log_ids";

    /// <summary>Keeps one refused delivery.</summary>
    public static Task AddAsync(PlatformSession session, NewRejection rejection, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.webhook_rejection (
                id, organization_id, endpoint_id, event_source, cause, diagnosis, headers, content_type, body, body_size, remote_ip, created_at)
            values (
                @Id, @OrganizationId, @EndpointId, @EventSource, @Cause, @Diagnosis, @Headers::jsonb, @ContentType, @body, @BodySize, @ip::inet, @CreatedAt)
            """, new
        {
            rejection.Id,
            rejection.OrganizationId,
            rejection.EndpointId,
            rejection.EventSource,
            rejection.Cause,
            rejection.Diagnosis,
            rejection.Headers,
            rejection.ContentType,
            body = rejection.Body.Length > MaxBody ? rejection.Body[..MaxBody] : rejection.Body,
            rejection.BodySize,
            ip = rejection.RemoteIp?.ToString(),
            rejection.CreatedAt,
        }, cancellationToken);

    /// <summary>The rejections that match, newest first, without their bodies, and how many match in all.</summary>
    public static Task<(List<WebhookRejectionRow> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, RejectionFilter filter, NewestFirstPage page, CancellationToken cancellationToken) =>
        NewestFirstSql.ReadAsync<WebhookRejectionRow>(session, ListStatement(SessionScope.Of(session), filter, page), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, RejectionFilter filter, NewestFirstPage page)
    {
        const string Matches = """
            (@org::uuid is null or r.organization_id = @org) and (@OrganizationId::uuid is null or r.organization_id = @OrganizationId)
            and (@EndpointId::uuid is null or r.endpoint_id = @EndpointId) and (cardinality(@Causes) = 0 or r.cause = any (@Causes))
            and (@DateFrom::timestamptz is null or r.created_at >= @DateFrom) and (@DateTo::timestamptz is null or r.created_at < @DateTo)
            and (@Readmitted::boolean is null or (r.readmitted_at is not null) = @Readmitted)
            """;
        var list = new NewestFirstSql("r");
        return new(
            $"""
            select {Columns}
            from app.webhook_rejection r
            where {Matches}
            and {list.IsAfterCursor}
            {list.Order}
            {list.Limit};

            {NewestFirstSql.Count("app.webhook_rejection r", Matches)}
            """,
            new { org = scope.OrganizationId }, filter, list.Parameters(page));
    }

    /// <summary>One rejection with its stored headers and body; null if it does not exist.</summary>
    public static Task<KeptRejection?> FindAsync(DatabaseSession session, Guid rejectionId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<KeptRejection>($"""
            select {Columns}, r.headers, r.body
            from app.webhook_rejection r
            where r.id = @rejectionId and (@org::uuid is null or r.organization_id = @org)
            """, new { rejectionId, org = session.OrganizationId }, cancellationToken);

    /// <summary>
    /// Locks one rejection until the transaction ends. Null if it does not exist, or if another session holds the lock (<c>skip
    /// locked</c>).
    /// </summary>
    public static Task<KeptRejection?> LockAsync(DatabaseSession session, Guid rejectionId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<KeptRejection>($"""
            select {Columns}, r.headers, r.body
            from app.webhook_rejection r
            where r.id = @rejectionId and (@org::uuid is null or r.organization_id = @org)
            for update skip locked
            """, new { rejectionId, org = session.OrganizationId }, cancellationToken);

    /// <summary>Records that a locked rejection was re-admitted, by which user, and as which logs.</summary>
    public static Task MarkReadmittedAsync(
        DatabaseSession session, KeptRejection rejection, Guid actorId, Guid[] logIds, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.webhook_rejection r set readmitted_at = @now, readmitted_by = @actorId, readmitted_log_ids = @logIds
            where r.organization_id = @OrganizationId and r.id = @Id
            """, new { rejection.OrganizationId, rejection.Id, actorId, logIds, now }, cancellationToken);
}

/// <summary>Filter of rejections. Null or empty values do not restrict the result.</summary>
public sealed record RejectionFilter
{
    public Guid? OrganizationId { get; init; }
    public Guid? EndpointId { get; init; }
    public string[] Causes { get; init; } = [];

    /// <summary>The first time that counts.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>The first time that counts no more.</summary>
    public DateTime? DateTo { get; init; }
    public bool? Readmitted { get; init; }
}

/// <summary>A rejection as lists show it.</summary>
public record WebhookRejectionRow : INewestFirstRow
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid EndpointId { get; init; }
    public string EventSource { get; init; } = "";

    /// <summary>
    /// Cause of the rejection: <c>bad_secret</c>, <c>bad_signature</c>, <c>stale_timestamp</c>, <c>not_json</c>, <c>too_large</c>,
    /// <c>unsupported_type</c> or <c>disabled</c>.
    /// </summary>
    [AllowedValues("bad_secret", "bad_signature", "stale_timestamp", "not_json", "too_large", "unsupported_type", "disabled")]
    public string Cause { get; init; } = "";

    /// <summary>Why exactly the delivery was rejected.</summary>
    public string Diagnosis { get; init; } = "";
    public string? ContentType { get; init; }

    /// <summary>Size of the sent body in bytes, as far as known.</summary>
    public long BodySize { get; init; }

    /// <summary>Number of stored bytes.</summary>
    public int KeptSize { get; init; }
    public string? RemoteIp { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? ReadmittedAt { get; init; }
    public Guid? ReadmittedBy { get; init; }
    public Guid[]? ReadmittedLogIds { get; init; }
}

/// <summary>A rejection with its headers, secrets redacted, and the beginning of its body.</summary>
public sealed record KeptRejection : WebhookRejectionRow
{
    public JsonElement Headers { get; init; }
    public byte[] Body { get; init; } = [];

    /// <summary>The value of a kept header by its lower-case name, or null.</summary>
    public string? Header(string name) => Headers.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>
/// A refused delivery. Only the first part of <see cref="Body"/> is stored. <see cref="BodySize"/> is the size of the sent body, as far as
/// it was read.
/// </summary>
public sealed record NewRejection
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required Guid EndpointId { get; init; }
    public required string EventSource { get; init; }
    public required string Cause { get; init; }
    public required string Diagnosis { get; init; }
    public required string Headers { get; init; }
    public string? ContentType { get; init; }
    public required byte[] Body { get; init; }
    public required long BodySize { get; init; }
    public IPAddress? RemoteIp { get; init; }
    public required DateTime CreatedAt { get; init; }
}
