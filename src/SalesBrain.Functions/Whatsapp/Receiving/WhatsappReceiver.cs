using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Whatsapp.Receiving;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Receiving;

/// <summary>
/// Receives a delivery of Meta: verifies the raw bytes, splits them, finds the organization of each part, and stores all parts in one
/// commit with the deliveries of other webhooks. Parts of accounts that nobody has connected are kept apart.
/// </summary>
public sealed class WhatsappReceiver(
    WhatsappOptions options, WhatsappNumberCache numbers, WebhookGroupCommit groupCommit, LargeBodyTurns turns, SalesBrainDatabase database,
    WebhookMetrics metrics, TimeProvider clock, ILogger<WhatsappReceiver> log)
{
    /// <summary>Meta gives up after some seconds and delivers again.</summary>
    public const int TimeLimitSeconds = 20;

    /// <summary>What Meta says a delivery has at most.</summary>
    public const int MaxBody = 3 * 1024 * 1024;

    private const string ContentType = "application/json";

    public async Task<IResult> ReceiveAsync(Call call)
    {
        Activity.Current?.SetTag(Tracing.EventSource, WhatsappEventTypes.Source);
        if (await RequestBody.ReadAsync(call.Request, MaxBody, call.CancellationToken) is not { } body)
        {
            return Problems.PayloadTooLarge;
        }
        List<WhatsappPart>? parts;
        // Nobody's turn: until the signature is verified, nobody knows whose delivery it is.
        using (var turn = await turns.EnterAsync(Guid.Empty, body.Length, call.CancellationToken))
        {
            if (turn is null)
            {
                return Problems.TooManyDeliveries;
            }
            var signature = call.Request.Headers.TryGetValue(WhatsappSignature.Header, out var header) ? header.ToString() : null;
            if (!WhatsappSignature.Matches(signature, body, options.AppSecret))
            {
                metrics.RefusedWhatsapp();
                log.LogInformation("Refused a delivery of WhatsApp: its signature is {Problem}", signature is null ? "missing" : "wrong");
                return Problems.WebhookUnauthorized;
            }
            parts = WhatsappDelivery.Read(body);
        }
        if (parts is null)
        {
            return Problems.NotJson;
        }
        var result = await StoreAsync(parts, fresh: false, call.CancellationToken);
        if (result is StorageResult.Outdated)
        {
            result = await WebhookStorage.RetryWhileOutdatedAsync(() => StoreAsync(parts, fresh: true, call.CancellationToken));
        }
        return result switch
        {
            StorageResult.Stored { Webhooks: var stored } => ApiResults.Ok(new WhatsappReceipt
            {
                Events = parts.Count,
                Duplicates = stored.Count(webhook => webhook.Duplicate),
                Unrouted = parts.Count - stored.Count,
            }),
            StorageResult.Busy => Problems.TooManyDeliveries,
            // Every attempt found that a number had just moved. Meta delivers again.
            _ => Problems.DatabaseUnavailable,
        };
    }

    /// <summary>
    /// Stores all parts or none, except if a number has just moved to another organization: then the result is
    /// <see cref="StorageResult.Outdated"/>, and a further attempt stores the rest.
    /// </summary>
    private async Task<StorageResult> StoreAsync(List<WhatsappPart> parts, bool fresh, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var routed = new List<(WhatsappPart Part, Guid OrganizationId)>(parts.Count);
        List<UnroutedWhatsappEvent>? unrouted = null;
        foreach (var part in parts)
        {
            var number = await numbers.FindAsync(part.PhoneNumberId, part.WabaId, fresh, cancellationToken);
            if (!fresh && number?.WabaId != part.WabaId)
            {
                number = await numbers.FindAsync(part.PhoneNumberId, part.WabaId, fresh: true, cancellationToken);
            }
            if (number is not null && number.WabaId == part.WabaId)
            {
                routed.Add((part, number.OrganizationId));
            }
            else
            {
                (unrouted ??= []).Add(new UnroutedWhatsappEvent(
                    number is null ? UnroutedWhatsappEvents.UnknownNumber : UnroutedWhatsappEvents.OtherAccount, part.WabaId,
                    part.PhoneNumberId, part.Json));
            }
        }
        StorageResult result = routed.Count == 0 ? new StorageResult.Stored([]) : await StoreTracedAsync(routed, now, cancellationToken);
        // Once, with the attempt that has stored the rest.
        if (unrouted is not null && result is StorageResult.Stored)
        {
            await UnroutedWhatsappEvents.KeepAsync(database.AutoCommitPlatform(), unrouted, now.UtcDateTime, cancellationToken);
            foreach (var cause in unrouted.CountBy(one => one.Cause))
            {
                metrics.UnroutedWhatsapp(cause.Key, cause.Value);
                log.LogWarning("{Count} events of WhatsApp belong to no connected account: {Cause}", cause.Value, cause.Key);
            }
        }
        return result;
    }

    private async Task<StorageResult> StoreTracedAsync(
        List<(WhatsappPart Part, Guid OrganizationId)> parts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The organization with the most events takes the turn.
        var organizationId = parts.TrueForAll(one => one.OrganizationId == parts[0].OrganizationId)
            ? parts[0].OrganizationId
            : parts.CountBy(one => one.OrganizationId).MaxBy(count => count.Value).Key;
        using var span = Tracing.Source.StartActivity("commit webhook");
        span?.SetTag(Tracing.Organization, organizationId.ToString())
            .SetTag(Tracing.EventSource, WhatsappEventTypes.Source).SetTag(Tracing.EventCount, parts.Count);
        var traceParent = Tracing.ParentForLater(span);
        var (ids, createdAt) = WebhookLogIds.CreateMany(now, parts.Count);
        var received = new ReceivedWebhook[parts.Count];
        for (var i = 0; i < received.Length; i++)
        {
            var (part, organization) = parts[i];
            received[i] = new ReceivedWebhook
            {
                Id = ids[i],
                OrganizationId = organization,
                PhoneNumberId = part.PhoneNumberId,
                EventSource = WhatsappEventTypes.Source,
                EventType = part.EventType,
                RawEventType = part.EventType.Replace('.', '_'),
                Status = part.EventType == WhatsappEventTypes.Other ? "ignored" : "pending",
                OccurredAt = part.At ?? createdAt,
                CreatedAt = createdAt,
                DedupeKey = part.Key,
                KeyExpiresAt = createdAt + part.KeyLifetime,
                ContentType = ContentType,
                Body = part.Json,
                TraceParent = traceParent,
            };
        }
        var result = await groupCommit.StoreAsync(
            new ReceivedDelivery { Id = ids[0], OrganizationId = organizationId, Events = received, Headers = "{}", Span = span },
            cancellationToken);
        span?.SetTag(Tracing.Outcome, result switch
        {
            StorageResult.Stored { Webhooks: var stored } => stored.All(webhook => webhook.Duplicate) ? "duplicate" : "stored",
            StorageResult.Outdated => "outdated",
            _ => "busy",
        });
        return result;
    }
}

/// <summary>The receipt for a delivery of Meta.</summary>
public sealed record WhatsappReceipt
{
    /// <summary>Messages, statuses and other events in it.</summary>
    public required int Events { get; init; }

    /// <summary>Those that were received before.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Those of accounts that no organization has connected. They have no effect.</summary>
    public required int Unrouted { get; init; }
}
