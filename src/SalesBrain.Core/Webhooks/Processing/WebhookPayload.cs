using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>The bytes of one log.</summary>
public sealed record WebhookPayload
{
    public Guid LogId { get; init; }
    public string? ContentType { get; init; }
    public byte[] Body { get; init; } = [];

    /// <summary>The span that received the event, as a W3C traceparent; null if its trace was not recorded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The reading settings of the log's endpoint; null if it has none of the kind.</summary>
    public JsonElement? TypeAliases { get; init; }
    public JsonElement? FieldPaths { get; init; }
}
