using System.Net;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks;

/// <summary>Deliveries to a known endpoint that were refused: evidence of what a sender does wrong.</summary>
public static class WebhookRejections
{
    /// <summary>Most bytes of a refused body that are kept.</summary>
    public const int MaxBody = 64 * 1024;

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
}

/// <summary>A refused delivery. <see cref="Body"/> may be longer than what is kept; <see cref="BodySize"/> is what was sent, as far as it was read.</summary>
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
