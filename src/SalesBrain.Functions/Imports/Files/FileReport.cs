using System.Text.Json;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Csv;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>What an uploaded file holds.</summary>
public record FileReport
{
    public required string Name { get; init; }

    /// <summary>Size of the upload in bytes.</summary>
    public required long SizeBytes { get; init; }
    public required IReadOnlyList<string> Headers { get; init; }
    public required string Delimiter { get; init; }
    public required string Encoding { get; init; }

    /// <summary>Rows without the header and without empty rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that give a person.</summary>
    public required long ReadableRows { get; init; }

    /// <summary>Rows with a problem.</summary>
    public required long BrokenRows { get; init; }

    /// <summary>
    /// The field by the column's header: as it was sent or stored, otherwise as it was guessed. Jobs take it as <c>mapping</c>.
    /// </summary>
    public required JsonElement Mapping { get; init; }

    /// <summary>The first five rows.</summary>
    public required IReadOnlyList<FileRow> Sample { get; init; }

    /// <summary>The first 1,000 problems. Those of the header row are in line 1.</summary>
    public required IReadOnlyList<FileRowError> Problems { get; init; }

    /// <summary>Whether a mapped column tells people apart. Without one, no row can be imported.</summary>
    public required bool IsUsable { get; init; }

    internal static FileReport Of(CsvReport report, string name, long size) => new()
    {
        Name = name,
        SizeBytes = size,
        Headers = report.Headers,
        Delimiter = report.Delimiter.ToString(),
        Encoding = report.Encoding,
        Rows = report.Rows,
        ReadableRows = report.Readable,
        BrokenRows = report.Broken,
        Mapping = JsonSerializer.SerializeToElement(report.Mapping),
        Sample = [.. report.Sample.Select(cells => new FileRow(cells))],
        Problems = [.. report.Problems.Select(FileRowError.Of)],
        IsUsable = report.CanIdentify,
    };
}

/// <summary>An uploaded file that jobs can read.</summary>
public sealed record UploadedFile : FileReport
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal UploadedFile(FileReport report, Guid id, Guid dataSourceId) : base(report) => (Id, DataSourceId) = (id, dataSourceId);

    public Guid Id { get; }
    public Guid DataSourceId { get; }
}

/// <param name="Cells">At most 200 characters of each cell.</param>
public sealed record FileRow(IReadOnlyList<string> Cells);

/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Column">The column's header; null if the whole row is concerned.</param>
/// <param name="Code">Such as <c>email_invalid</c>.</param>
public sealed record FileRowError(long Line, string? Column, string Code)
{
    internal static FileRowError Of(SourceRowProblem problem) => new(problem.Line, problem.Column, problem.Code);
}
