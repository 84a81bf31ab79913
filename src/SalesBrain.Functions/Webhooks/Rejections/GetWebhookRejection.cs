using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Rejections;

namespace SalesBrain.Functions.Webhooks.Rejections;

/// <summary>Returns one rejected delivery with its stored headers and body. For callers who can read webhooks.</summary>
public sealed class GetWebhookRejection(RequestPipeline pipeline)
{
    [Function(nameof(GetWebhookRejection))]
    [Operation("Webhook rejections", "Get a rejected delivery", Description = "Includes its headers and the stored part of its body.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(WebhookRejection))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/rejections/{rejectionId:guid}")] HttpRequest request,
        Guid rejectionId) =>
        pipeline.RunAsync<GetWebhookRejection>(request, async call =>
            await WebhookRejections.FindAsync(call.Read(), rejectionId, call.CancellationToken) is { } rejection
                ? ApiResults.Ok(WebhookRejection.Of(rejection))
                : Problems.NotFound);
}

/// <summary>A rejected delivery with its stored headers and body.</summary>
public sealed record WebhookRejection : WebhookRejectionRow
{
    private WebhookRejection(WebhookRejectionRow row)
        : base(row)
    {
    }

    /// <summary>The stored headers, with names in lower case. Secrets are redacted.</summary>
    [JsonPropertyOrder(1)]
    public required JsonElement Headers { get; init; }

    /// <summary>The stored bytes of the body.</summary>
    [JsonPropertyOrder(1)]
    public required string BodyBase64 { get; init; }

    /// <summary>The stored bytes as text; null if they are not UTF-8.</summary>
    [JsonPropertyOrder(1)]
    public string? BodyText { get; init; }

    internal static WebhookRejection Of(KeptRejection rejection) => new(rejection)
    {
        Headers = rejection.Headers,
        BodyBase64 = Convert.ToBase64String(rejection.Body),
        BodyText = TextOf(rejection),
    };

    private static string? TextOf(KeptRejection rejection)
    {
        ReadOnlySpan<byte> text = rejection.Body;
        // The body may have been cut inside a character.
        if (rejection.BodySize > text.Length && Rune.DecodeLastFromUtf8(text, out _, out var partial) == OperationStatus.NeedMoreData)
        {
            text = text[..^partial];
        }
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
    }
}
