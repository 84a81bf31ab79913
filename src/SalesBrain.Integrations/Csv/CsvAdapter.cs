using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Csv;

/// <summary>An uploaded file.</summary>
internal sealed class CsvAdapter(IFileStore files, SourceConnection connection, CsvConfig config) : ISourceAdapter
{
    public Task<SourceTest> TestAsync(CancellationToken cancellationToken) => SourceCalls.TestAsync(async () =>
    {
        await using var file = await OpenAsync(0, cancellationToken);
        using var rows = new CsvRows(file.Content, file.Facts.Delimiter);
        var layout = LayoutOf(rows);
        if (!layout.CanIdentify)
        {
            return new SourceTest(
                false, SourceErrors.Schema,
                "The file has no column for e-mail addresses, LinkedIn profiles or ids, and none for names and companies: check mapping.");
        }
        var (readable, broken, sample) = (0L, 0L, (SourcePerson?)null);
        while (rows.Read() is { } cells)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (person, problem) = CsvRowReading.Read(layout, cells, rows.Line, rows.IsBad, "row", config.Country);
            sample ??= person;
            (readable, broken) = (readable + (person is null ? 0 : 1), broken + (problem is null ? 0 : 1));
        }
        return sample is null
            ? new SourceTest(false, SourceErrors.Schema, "The file has no row that can be read.")
            : new SourceTest(
                true, "ok", $"The file has {readable} rows that can be read, and {broken} that cannot.", Sample: MaskedSample.Of(sample));
    });

    public async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var at = cursor is null ? null : Cursors.Read<CsvCursor>(cursor);
        CsvLayout layout;
        FileFacts facts;
        await using (var head = await OpenAsync(0, cancellationToken))
        {
            facts = head.Facts;
            if (at is not null && at.Hash != HashOf(facts))
            {
                throw new SourceException(SourceErrors.BadRequest, "The file is another one than when the job began. Start a new job.");
            }
            using var rows = new CsvRows(head.Content, facts.Delimiter);
            layout = LayoutOf(rows);
            at ??= new CsvCursor(0, rows.Offset, rows.Lines, HashOf(facts));
        }
        await using var file = await OpenAsync(at.Offset, cancellationToken);
        using var records = new CsvRows(file.Content, facts.Delimiter, at.Offset, at.Lines);
        var (people, problems, row) = (new List<SourcePerson>(Math.Min(limit, 1000)), new List<SourceRowProblem>(), at.Row);
        string[]? cells = null;
        while (people.Count + problems.Count < limit && (cells = records.Read()) is not null)
        {
            var (person, problem) = CsvRowReading.Read(
                layout, cells, records.Line, records.IsBad, $"row:{at.Hash}:{row + 1}", config.Country);
            if (person is not null)
            {
                people.Add(person);
            }
            else if (problem is not null)
            {
                problems.Add(problem);
            }
            row += person is null && problem is null ? 0 : 1;
        }
        // Reading beyond the last record ends a page that is not full.
        var isEnd = cells is null && people.Count + problems.Count < limit || row >= facts.Rows;
        return new SourcePage(
            people, isEnd ? null : Cursors.Write(new CsvCursor(row, records.Offset, records.Lines, at.Hash)), facts.Rows, problems);
    }

    private async Task<OpenedFile> OpenAsync(long offset, CancellationToken cancellationToken) =>
        connection.Request.FileId is { } fileId
            ? await files.OpenAsync(connection.OrganizationId, fileId, offset, cancellationToken)
                ?? throw new SourceException(SourceErrors.NotFound, "The file does not exist any more. Upload it again.")
            : throw new SourceException(SourceErrors.NotFound, "No file has been uploaded.");

    private CsvLayout LayoutOf(CsvRows rows) =>
        CsvLayout.Of(
            rows.Read() ?? throw new SourceException(SourceErrors.Schema, "The file is empty."),
            connection.Request.Mapping ?? config.Mapping);

    /// <summary>Enough of the digest to tell files apart.</summary>
    private static string HashOf(FileFacts facts) => facts.Sha256[..16];
}

/// <param name="Row">Rows that were read.</param>
/// <param name="Offset">Where the next record begins, in bytes.</param>
/// <param name="Lines">Line breaks before it.</param>
/// <param name="Hash">The file's digest, shortened.</param>
internal sealed record CsvCursor(long Row, long Offset, long Lines, string Hash);
