using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace SalesBrain.Functions.Http.Exports;

/// <summary>A column of a CSV file: its heading, and its cell of a row; null is an empty cell.</summary>
public sealed record CsvColumn<TRow>(string Heading, Func<TRow, string?> Cell)
{
    /// <summary>Whether the cell of a row is a number of ours. Only such a cell may begin with a minus sign.</summary>
    public Func<TRow, bool>? IsNumber { get; init; }

    internal string? Write(TRow row) => IsNumber?.Invoke(row) == true ? Cell(row) : CsvExport.Inert(Cell(row));
}

/// <summary>Rows as CSV (RFC 4180, UTF-8), written as they arrive.</summary>
public static class CsvExport
{
    // ASCII, full-width (U+FF1D …) and small (U+FE66 …) forms.
    private const string FormulaStarts = "=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B";

    // Left to itself, the writer quotes a line feed only where it is the end of a record as well.
    private static readonly CsvConfiguration Rfc4180 = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        ShouldQuote = cell => cell.Field.AsSpan().IndexOfAny(",\"\r\n") >= 0,
    };

    /// <summary>
    /// Writes a heading and all rows, after a byte order mark if <paramref name="bom"/>. Nothing is sent before the first rows have been
    /// read or have failed to be.
    /// </summary>
    public static async Task WriteAsync<TRow>(
        Stream body, IReadOnlyList<CsvColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, bool bom, CancellationToken cancellationToken)
    {
        using var chunk = new ExportChunk(body);
        if (bom)
        {
            chunk.Buffer.Write("\uFEFF"u8);
        }
        await using var text = new StreamWriter(chunk.Buffer, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new CsvWriter(text, Rfc4180, leaveOpen: true);
        WriteRecord(csv, columns.Select(column => column.Heading));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            WriteRecord(csv, columns.Select(column => column.Write(row)));
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
    /// The cell, protected against formula injection (OWASP, CSV injection): prefixed with an apostrophe if it starts with a tab or line
    /// break, or with one of <c>= + - @</c>, also full-width or small, and also after blanks and invisible characters.
    /// </summary>
    public static string? Inert(string? cell)
    {
        if (string.IsNullOrEmpty(cell) || char.IsAsciiLetterOrDigit(cell[0]))
        {
            return cell;
        }
        var shown = cell.EnumerateRunes().SkipWhile(IsBlank).Take(1).ToList();
        var isFormula = shown is [{ IsBmp: true } first] && FormulaStarts.Contains((char)first.Value);
        return isFormula || cell[0] is '\t' or '\r' or '\n' ? "'" + cell : cell;
    }

    /// <summary>A time as in JSON: RFC 3339, UTC.</summary>
    public static string Time(DateTime time) =>
        DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    /// <summary>
    /// White space, control characters, and characters that are not shown, such as U+200B. U+2800 and U+3164 look blank as well.
    /// </summary>
    private static bool IsBlank(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark
        || rune.Value is 0x2800 or 0x3164 or 0xFFA0 or 0x115F or 0x1160;

    private static void WriteRecord(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }
        csv.NextRecord();
    }
}
