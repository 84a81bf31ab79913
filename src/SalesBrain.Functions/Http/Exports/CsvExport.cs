using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace SalesBrain.Functions.Http.Exports;

/// <summary>A column of a CSV file: its heading, and its cell of a row; null is an empty cell.</summary>
public sealed record CsvColumn<TRow>(string Heading, Func<TRow, string?> Cell);

/// <summary>Rows as CSV (RFC 4180, UTF-8 without a byte order mark), written as they arrive.</summary>
public static class CsvExport
{
    // Left to itself, the writer quotes a line feed only where it is the end of a record as well.
    private static readonly CsvConfiguration Rfc4180 = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        ShouldQuote = cell => cell.Field.AsSpan().IndexOfAny(",\"\r\n") >= 0,
    };

    /// <summary>Writes a heading and all rows. Nothing is sent before the first rows have been read or have failed to be.</summary>
    public static async Task WriteAsync<TRow>(
        Stream body, IReadOnlyList<CsvColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, CancellationToken cancellationToken)
    {
        using var chunk = new ExportChunk(body);
        await using var text = new StreamWriter(chunk.Buffer, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new CsvWriter(text, Rfc4180, leaveOpen: true);
        WriteRecord(csv, columns.Select(column => column.Heading));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            WriteRecord(csv, columns.Select(column => Inert(column.Cell(row))));
            if (chunk.Counts())
            {
                await csv.FlushAsync();
                await chunk.SendAsync(cancellationToken);
            }
        }
        await csv.FlushAsync();
        await chunk.SendAsync(cancellationToken);
    }

    /// <summary>
    /// The cell, protected against formula injection: prefixed with an apostrophe if it starts with one of <c>= + - @</c>, tab or carriage
    /// return (OWASP, CSV injection).
    /// </summary>
    public static string? Inert(string? cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + cell : cell;

    /// <summary>A time as in JSON: RFC 3339, UTC.</summary>
    public static string Time(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    private static void WriteRecord(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }
        csv.NextRecord();
    }
}
