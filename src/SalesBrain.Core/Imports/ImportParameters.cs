using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Imports;

/// <summary>What an import job was created with, as it is stored.</summary>
public sealed record ImportParameters
{
    /// <summary>The vendor's search filters; null for none.</summary>
    public JsonElement? Filters { get; init; }

    /// <summary>Target field by column or path; null for the source's own.</summary>
    public IReadOnlyDictionary<string, string>? Mapping { get; init; }

    /// <summary>The job ends after this many rows; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether e-mail addresses are bought where the vendor bills them.</summary>
    public bool Reveal { get; init; }

    /// <summary>How many of the vendor's credits the job may spend; null for no limit.</summary>
    public int? MaxCredits { get; init; }

    /// <summary>Whether contacts and leads that exist are updated.</summary>
    public bool UpdateExisting { get; init; }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, ColumnJson.Options);

    public static ImportParameters Of(JsonElement stored) => stored.Deserialize<ImportParameters>(ColumnJson.Options)!;
}
