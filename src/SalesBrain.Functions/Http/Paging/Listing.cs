using System.Text.Json.Serialization;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>What every v1 list answers.</summary>
public sealed record Listing<TRow>
{
    [JsonPropertyOrder(-1)]
    public bool Success => true;

    public required IReadOnlyList<TRow> Data { get; init; }

    public required Pagination Pagination { get; init; }
}

/// <summary>Where a page is in its list.</summary>
public sealed record Pagination
{
    /// <summary>Which page this is, from 1; behind a cursor, the page of this size that it would be.</summary>
    public required int Page { get; init; }

    public required int PageSize { get; init; }

    /// <summary>Rows that match, on all pages; at most 10,000.</summary>
    public required int Total { get; init; }

    /// <summary>False when there are more than <see cref="Total"/>.</summary>
    public required bool TotalIsExact { get; init; }

    /// <summary>Pages of this size that <see cref="Total"/> makes.</summary>
    public required int TotalPages { get; init; }

    /// <summary>The <c>cursor</c> of the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }
}
