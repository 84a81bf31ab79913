using System.Text.Json;

namespace SalesBrain.Integrations;

/// <summary>One page of people.</summary>
/// <param name="NextCursor">Where the next page begins; null when this page is the last.</param>
/// <param name="Total">How many people the source has in all; null when it does not say.</param>
/// <param name="Problems">Rows that could not be read. They count as failed and do not end the job.</param>
/// <param name="Credits">How many of the vendor's credits this page used.</param>
/// <param name="Stopped">Why the source ends before its last person; null if it does not. See <see cref="SourceStops"/>.</param>
public sealed record SourcePage(
    IReadOnlyList<SourcePerson> People,
    string? NextCursor,
    long? Total,
    IReadOnlyList<SourceRowProblem> Problems,
    int Credits = 0,
    string? Stopped = null);

/// <summary>Why a source ended before its last person. The job completes, and its log says why.</summary>
public static class SourceStops
{
    /// <summary>The job's <c>max_credits</c> are used up.</summary>
    public const string MaxCredits = "max_credits";

    /// <summary>The vendor shows no more results of one search.</summary>
    public const string VendorLimit = "vendor_limit";

    /// <summary>The source's own <c>max_pages</c> are read.</summary>
    public const string MaxPages = "max_pages";
}

/// <summary>A person as a source knows them. Empty values are null.</summary>
/// <param name="ExternalId">The source's own identifier, which makes repeating a page harmless; null when it has none.</param>
/// <param name="EmailVerified">Whether the vendor confirmed the address.</param>
/// <param name="Data">What else the source says about the person (for <c>source_data</c>), at most 16 KB; null for nothing.</param>
public sealed record SourcePerson(
    string? ExternalId,
    string? Email,
    bool EmailVerified,
    string? FirstName,
    string? LastName,
    string? Company,
    string? Title,
    string? Phone,
    string? LinkedinUrl,
    string? City,
    string? Region,
    string? Country,
    JsonElement? Data);

/// <summary>Why a row could not be read.</summary>
/// <param name="Line">The line or position in the source, from 1.</param>
/// <param name="Column">The column's header; null when the whole row is concerned.</param>
/// <param name="Code">A word for programs, such as <c>email_invalid</c>.</param>
public sealed record SourceRowProblem(long Line, string? Column, string Code);
