using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>
/// JSON Pointers (RFC 6901) to fields of an event, such as <c>/data/contact/email</c>. They start at the delivered object, or at each
/// element of a delivered array. A field without a path, or without a usable value at its path, is looked for under its usual names.
/// </summary>
public sealed record FieldPaths
{
    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? EventType { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? Timestamp { get; init; }

    /// <summary>The contact's e-mail address.</summary>
    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? Email { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? FirstName { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? LastName { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? CompanyName { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? CampaignId { get; init; }

    [StringLength(JsonPointer.MaxLength)]
    [JsonPointer]
    public string? CampaignName { get; init; }

    internal static FieldPaths Of(JsonElement stored) => stored.Deserialize<FieldPaths>(ColumnJson.Options)!;

    /// <summary>As <c>field_paths</c> holds them: only those that are set.</summary>
    internal JsonElement ToJson() => JsonSerializer.SerializeToElement(this, ColumnJson.Options);
}
