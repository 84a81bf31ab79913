using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Log;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Returns one webhook log with its payload, attempts and effects. For callers who can read webhooks.</summary>
public sealed class GetWebhookLog(RequestPipeline pipeline)
{
    [Function(nameof(GetWebhookLog))]
    [Operation("Webhook logs", "Get a webhook log", Description = "Includes its payload, its attempts and its effects.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(WebhookLog))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/logs/{logId:guid}")] HttpRequest request,
        Guid logId) =>
        pipeline.RunAsync<GetWebhookLog>(request, async call =>
            await WebhookLogDetails.FindAsync(call.Read(), logId, call.CancellationToken) is { } found
                ? ApiResults.Ok(WebhookLog.Of(found))
                : Problems.NotFound);
}

/// <summary>A webhook log with its payload, attempts and effects.</summary>
public sealed record WebhookLog : WebhookLogRow
{
    private WebhookLog(WebhookLogRow row)
        : base(row)
    {
    }

    /// <summary>The received payload; null after its retention period.</summary>
    public WebhookPayload? Payload { get; private init; }

    /// <summary>Processing attempts and retry requests, oldest first.</summary>
    public IReadOnlyList<WebhookLogAttempt> Attempts { get; private init; } = [];

    /// <summary>The activity that the event created; null if it created none.</summary>
    public WebhookLogActivity? Activity { get; private init; }

    /// <summary>The lead that the event affected, in its current state.</summary>
    public WebhookLogLead? Lead { get; private init; }

    internal static WebhookLog Of(WebhookLogDetails details) => new(details.Log)
    {
        Payload = details.Body is { } body ? WebhookPayload.Of(body) : null,
        // The successful attempt is not stored separately; it is in the log itself.
        Attempts = details.Log is { Status: "processed", ProcessedAt: { } at }
            ? [.. details.Attempts, new() { Kind = "success", At = at, DurationMs = details.Log.ProcessingMs }]
            : details.Attempts,
        Activity = details.Activity,
        Lead = details.Lead,
    };
}

/// <summary>A received body in several representations.</summary>
public sealed record WebhookPayload
{
    /// <summary>Parsers commonly stop at 64 levels, of which the response itself has 3.</summary>
    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = 60 };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string? ContentType { get; private init; }

    /// <summary>
    /// The stored headers of the delivery, at most 8 KiB. Secrets are redacted. A member <c>[left out]</c> says how many did not fit.
    /// </summary>
    public JsonElement Headers { get; private init; }

    /// <summary>Bytes.</summary>
    public int Size { get; private init; }

    /// <summary>The exact bytes received.</summary>
    public string BodyBase64 { get; private init; } = "";

    /// <summary>The body as text; null if it is not UTF-8.</summary>
    public string? BodyText { get; private init; }

    /// <summary>The body as JSON, unchanged; null if it is not JSON, or nested too deeply for many parsers.</summary>
    public JsonElement? BodyJson { get; private init; }

    internal static WebhookPayload Of(WebhookLogBody body)
    {
        var text = TextOf(body.Body);
        return new()
        {
            ContentType = body.ContentType,
            Headers = body.Headers,
            Size = body.Body.Length,
            BodyBase64 = Convert.ToBase64String(body.Body),
            BodyText = text,
            BodyJson = text is null ? null : JsonOf(body.Body),
        };
    }

    private static string? TextOf(byte[] body)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static JsonElement? JsonOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Parsing);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
