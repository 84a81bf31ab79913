using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Rejections;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Rejections;

/// <summary>Takes a refused delivery after all, once what was wrong with it is put right, for whoever repairs webhooks.</summary>
public sealed class ReadmitWebhookRejection(RequestPipeline pipeline, WebhookStorage storage)
{
    private const string Json = "application/json";

    /// <summary>
    /// Each re-admission holds one connection while a second one stores its events. The limit prevents them from using up the pool.
    /// </summary>
    private static readonly SemaphoreSlim Turns = new(8);

    [Function(nameof(ReadmitWebhookRejection))]
    [Operation("Webhook rejections", "Re-admit a rejected delivery", Description =
        "Stores the kept body as if it had just been delivered; duplicates are recognized as usual. The delivery is not "
        + "authenticated again: the caller vouches for it. It is refused while the endpoint is disabled or the organization is "
        + "suspended, and if the stored body is incomplete or cannot be read.")]
    [Requires(Capability.RepairWebhooks)]
    [Returns(200, typeof(ReadmittedRejection))]
    [Problems("not_found", "rejection_already_readmitted", "rejection_not_readmissible")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/rejections/{rejectionId:guid}/readmit")] HttpRequest request,
        Guid rejectionId) =>
        pipeline.RunAsync<ReadmitWebhookRejection>(request, async call =>
        {
            await Turns.WaitAsync(call.CancellationToken);
            try
            {
                await using var session = await call.WriteAsync();
                return await WebhookRejections.LockAsync(session, rejectionId, call.CancellationToken) is { } rejection
                    ? await ReadmitAsync(call, session, rejection)
                    : await WebhookRejections.FindAsync(session, rejectionId, call.CancellationToken) is null
                        ? Problems.NotFound
                        : Problems.RejectionAlreadyReadmitted.Because("Another request is re-admitting the delivery.");
            }
            finally
            {
                Turns.Release();
            }
        });

    private async Task<IResult> ReadmitAsync(Call call, DatabaseSession session, KeptRejection rejection)
    {
        if (rejection.ReadmittedAt is { } before)
        {
            return Problems.RejectionAlreadyReadmitted.Because(
                $"The delivery was re-admitted on {before:yyyy-MM-dd} at {before:HH:mm} UTC.");
        }
        if (rejection.IsSummary)
        {
            return Problems.RejectionNotReadmissible.Because("The rejection only counts deliveries. Their bodies are not stored.");
        }
        if (rejection.BodySize > rejection.KeptSize)
        {
            return Problems.RejectionNotReadmissible.Because(
                $"Only the first {rejection.KeptSize} of the body's {rejection.BodySize} bytes are stored.");
        }
        if (!TryRead(rejection, out var body, out var contentType, out var unreadable))
        {
            return Problems.RejectionNotReadmissible.Because($"The body cannot be read: {unreadable.Diagnosis}.");
        }
        using (body)
        {
            // Whoever dies between this and the note of it leaves events that the next attempt recognises: each has a key, if only the
            // stand-in.
            var result = await storage.StoreTrustedAsync(
                session, rejection.EndpointId, body.Elements, origin => origin with
                {
                    ContentType = contentType,
                    Headers = rejection.Headers.GetRawText(),
                    DeliveryId = DeliveryIds.Find(origin.AuthMode!, rejection.Header),
                    StandInId = $"rejection:{rejection.Id}",
                }, call.CancellationToken);
            if (result is not StorageResult.Stored { Webhooks: var stored })
            {
                return Problems.RejectionNotReadmissible.Because(WebhookStorage.ReasonOf(result));
            }
            var logIds = stored.Select(log => log.LogId).Distinct().ToArray();
            // What is stored is stored: from here on nobody's impatience may keep it from being noted.
            await WebhookRejections.MarkReadmittedAsync(
                session, rejection, call.Caller.UserId, logIds, call.Now.UtcDateTime, CancellationToken.None);
            var entry = call.AuditEntry(
                "webhook_rejection.readmitted", "webhook_rejection", rejection.Id, rejection.OrganizationId,
                new { cause = rejection.Cause, log_ids = logIds });
            await AuditLog.WriteAsync(session, entry, CancellationToken.None);
            await session.CommitAsync();
            return ApiResults.Ok(new ReadmittedRejection
            {
                Id = rejection.Id,
                ReadmittedAt = call.Now.UtcDateTime,
                Logs = [.. stored.Select(WebhookReceipt.Of)],
            });
        }
    }

    /// <summary>Reads the body by its content type. If the type is unsupported, tries JSON.</summary>
    private static bool TryRead(
        KeptRejection rejection,
        [NotNullWhen(true)] out WebhookBody? body,
        out string? contentType,
        [NotNullWhen(false)] out WebhookRefusal? unreadable)
    {
        var encoding = rejection.Header("content-encoding");
        contentType = rejection.ContentType;
        if (WebhookBody.TryRead(rejection.Body, contentType, encoding, out body, out unreadable))
        {
            return true;
        }
        if (unreadable.Kind != RefusalKind.UnsupportedType)
        {
            return false;
        }
        contentType = Json;
        return WebhookBody.TryRead(rejection.Body, Json, encoding, out body, out _);
    }
}

public sealed record ReadmittedRejection
{
    public required Guid Id { get; init; }
    public required DateTime ReadmittedAt { get; init; }

    /// <summary>The result for each event of the delivery, in order.</summary>
    public required IReadOnlyList<WebhookReceipt> Logs { get; init; }
}
