using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Rejections of an endpoint and hour that are kept with their bodies.</summary>
    public const int MaxBodiesAnHour = 20;

    /// <summary>Rejections of an endpoint and hour that are kept. Further ones are counted in one row.</summary>
    public const int MaxAnHour = 100;

    private const string Columns =
        "r.id, r.organization_id, r.endpoint_id, r.event_source, r.cause, r.diagnosis, r.content_type, r.body_size, octet_length(r.body) "
        + "as kept_size, host(r.remote_ip) as remote_ip, r.created_at, r.is_summary, r.delivery_count, coalesce(r.last_delivered_at, "
        + "r.created_at) as last_delivered_at, r.readmitted_at, r.readmitted_by, r.readmitted_log_ids";

    /// <summary>
    /// Keeps refused deliveries: of each endpoint and hour the first <see cref="MaxAnHour"/>, the first <see cref="MaxBodiesAnHour"/> with
    /// their bodies, and the rest counted in one row, exactly, also in concurrent sessions. Returns how many each endpoint and hour has
    /// now.
    /// </summary>
    public static Task<List<RejectionCount>> AddAsync(
        PlatformSession session, IReadOnlyList<NewRejection> rejections, CancellationToken cancellationToken) =>
        session.QueryAsync<RejectionCount>("""
            with incoming as (
                select i.*,
                    count(*) over (partition by i.endpoint_id, i.hour) as arrivals,
                    row_number() over (partition by i.endpoint_id, i.hour order by i.position) as arrival
                from unnest(
                    @Ids, @SummaryIds, @OrganizationIds, @EndpointIds, @Hours, @EventSources, @Causes, @Diagnoses, @Headers, @ContentTypes,
                    @Bodies, @BodySizes, @RemoteIps, @CreatedAts) with ordinality
                as i (
                    id, summary_id, organization_id, endpoint_id, hour, event_source, cause, diagnosis, headers, content_type,
                    body, body_size, remote_ip, created_at, position)
            ), counted as (
                -- Locks the hours' rows until the end, so that the numbers below are nobody else's.
                insert into app.webhook_rejection_count as c (organization_id, endpoint_id, hour, deliveries)
                select i.organization_id, i.endpoint_id, i.hour, count(*)
                from incoming i
                group by i.organization_id, i.endpoint_id, i.hour
                order by i.organization_id, i.endpoint_id, i.hour
                on conflict (organization_id, endpoint_id, hour) do update set deliveries = c.deliveries + excluded.deliveries
                returning c.endpoint_id, c.hour, c.deliveries
            ), numbered as (
                select i.*, c.deliveries - i.arrivals + i.arrival as number
                from incoming i
                join counted c on c.endpoint_id = i.endpoint_id and c.hour = i.hour
            ), kept as (
                insert into app.webhook_rejection (
                    id, organization_id, endpoint_id, event_source, cause, diagnosis, headers, content_type, body, body_size, remote_ip,
                    created_at, last_delivered_at)
                select n.id, n.organization_id, n.endpoint_id, n.event_source, n.cause, n.diagnosis, n.headers::jsonb, n.content_type,
                    case when n.number <= @MaxBodiesAnHour then n.body else '' end, n.body_size, n.remote_ip::inet, n.created_at, n.created_at
                from numbered n
                where n.number <= @MaxAnHour
            ), rest as (
                -- The latest delivery stands for the others.
                select distinct on (n.endpoint_id, n.hour) n.*, count(*) over (partition by n.endpoint_id, n.hour) as further
                from numbered n
                where n.number > @MaxAnHour
                order by n.endpoint_id, n.hour, n.number desc
            ), summed as (
                insert into app.webhook_rejection as r (
                    id, organization_id, endpoint_id, event_source, cause, diagnosis, content_type, body, body_size, remote_ip,
                    created_at, is_summary, delivery_count, last_delivered_at)
                select s.summary_id, s.organization_id, s.endpoint_id, s.event_source, s.cause, s.diagnosis, s.content_type, '', s.body_size,
                    s.remote_ip::inet, s.created_at, true, s.further, s.created_at
                from rest s
                order by s.summary_id
                on conflict (id) do update set
                    cause = excluded.cause, diagnosis = excluded.diagnosis, content_type = excluded.content_type, body_size = excluded.body_size,
                    remote_ip = excluded.remote_ip, delivery_count = r.delivery_count + excluded.delivery_count,
                    last_delivered_at = greatest(r.last_delivered_at, excluded.last_delivered_at)
            )
            select c.endpoint_id, c.hour, c.deliveries from counted c
            """, new
        {
            Ids = rejections.Select(rejection => rejection.Id).ToArray(),
            SummaryIds = rejections.Select(SummaryIdOf).ToArray(),
            OrganizationIds = rejections.Select(rejection => rejection.OrganizationId).ToArray(),
            EndpointIds = rejections.Select(rejection => rejection.EndpointId).ToArray(),
            Hours = rejections.Select(rejection => rejection.Hour).ToArray(),
            EventSources = rejections.Select(rejection => rejection.EventSource).ToArray(),
            Causes = rejections.Select(rejection => rejection.Cause).ToArray(),
            Diagnoses = rejections.Select(rejection => rejection.Diagnosis).ToArray(),
            Headers = rejections.Select(rejection => rejection.Headers).ToArray(),
            ContentTypes = rejections.Select(rejection => rejection.ContentType).ToArray(),
            Bodies = rejections.Select(rejection => rejection.Body).ToArray(),
            BodySizes = rejections.Select(rejection => rejection.BodySize).ToArray(),
            RemoteIps = rejections.Select(rejection => rejection.RemoteIp?.ToString()).ToArray(),
            CreatedAts = rejections.Select(rejection => rejection.CreatedAt).ToArray(),
            MaxBodiesAnHour,
            MaxAnHour,
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

    /// <summary>The id of the row that counts the further rejections of an endpoint and hour, the same in every session.</summary>
    private static Guid SummaryIdOf(NewRejection rejection)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{rejection.EndpointId}/{rejection.Hour.Ticks}"), hash);
        // RFC 9562, version 8: all but version and variant is the application's own.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>How many deliveries to an endpoint were refused in an hour.</summary>
public sealed record RejectionCount
{
    public Guid EndpointId { get; init; }
    public DateTime Hour { get; init; }
    public long Deliveries { get; init; }
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

    /// <summary>
    /// Whether the row only counts deliveries, beyond the 100 of an endpoint and hour that are kept. Cause, diagnosis, size and address are
    /// those of the latest. Bodies are kept of the first 20.
    /// </summary>
    public bool IsSummary { get; init; }

    /// <summary>How many deliveries the row stands for.</summary>
    public int DeliveryCount { get; init; }

    /// <summary>When the latest of them came.</summary>
    public DateTime LastDeliveredAt { get; init; }
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
/// A refused delivery. <see cref="Body"/> has at most <see cref="WebhookRejections.MaxBody"/> bytes. <see cref="BodySize"/> is the size of
/// the sent body, as far as it was read.
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

    /// <summary>The hour it is counted in.</summary>
    public DateTime Hour => new(CreatedAt.Year, CreatedAt.Month, CreatedAt.Day, CreatedAt.Hour, 0, 0, DateTimeKind.Utc);
}
