using System.Text.Json.Serialization;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Rows;

namespace SalesBrain.Data.Rows;

/// <summary>What organizations, agencies, clients and users have in common; the names are those of the API.</summary>
public abstract record VersionedRow : IVersionedRow, IListedRow
{
    [JsonPropertyOrder(-1)]
    [NotAudited]
    public Guid Id { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    [JsonPropertyOrder(1)]
    [NotAudited]
    public DateTime CreatedAt { get; init; }

    [JsonPropertyOrder(1)]
    [NotAudited]
    public DateTime UpdatedAt { get; init; }
}

/// <summary>Status of an agency or a client.</summary>
public enum RecordStatus
{
    Active = 1,
    Inactive,
}
