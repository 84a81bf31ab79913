using System.Text.Json.Serialization;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>A page of a v1 list.</summary>
public sealed record Listing<TRow>
{
    [JsonPropertyOrder(-1)]
    public bool Success => true;

    public required IReadOnlyList<TRow> Data { get; init; }

    public required Pagination Pagination { get; init; }
}

/// <summary>The position of a page in its list.</summary>
public sealed record Pagination
{
    /// <summary>Page number, from 1. With a cursor it is computed from the rows before the page.</summary>
    public required int Page { get; init; }

    public required int PageSize { get; init; }

    /// <summary>Number of matching rows on all pages, at most 10,000.</summary>
    public required int Total { get; init; }

    /// <summary>False if more than <see cref="Total"/> rows match.</summary>
    public required bool TotalIsExact { get; init; }

    /// <summary>Number of pages of this size for <see cref="Total"/> rows.</summary>
    public required int TotalPages { get; init; }

    /// <summary>The <c>cursor</c> for the next page; null on the last page.</summary>
    public string? NextCursor { get; init; }
}
