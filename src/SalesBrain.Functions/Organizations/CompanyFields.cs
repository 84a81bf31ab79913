using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace SalesBrain.Functions.Organizations;

/// <summary>Address and contact fields that agencies and clients share. Only fields that are sent change; null clears a field.</summary>
public abstract record CompanyFields
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    [StringLength(50, MinimumLength = 3)]
    public Optional<string> Phone { get; init; }

    [StringLength(2000)]
    [WebAddress]
    public Optional<string> Website { get; init; }

    [StringLength(200)]
    public Optional<string> AddressLine1 { get; init; }

    [StringLength(200)]
    public Optional<string> AddressLine2 { get; init; }

    [StringLength(100)]
    public Optional<string> City { get; init; }

    /// <summary>State or province.</summary>
    [StringLength(100)]
    public Optional<string> Region { get; init; }

    [StringLength(20)]
    public Optional<string> PostalCode { get; init; }

    [StringLength(100)]
    public Optional<string> Country { get; init; }

    /// <summary>Custom data of the organization, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> Metadata { get; init; }

    internal JsonElement MetadataOr(JsonElement old) => Metadata.IsSet ? Metadata.Value ?? Empty : old;

    /// <summary>The metadata of something new.</summary>
    internal static JsonElement NoMetadata => Empty;
}
