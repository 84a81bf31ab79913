using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SalesBrain.Integrations.Csv;

/// <summary>A small CSV file (RFC 4180) with a heading that a person wrote: every error is named by its line and column.</summary>
public static class CsvTable
{
    /// <summary>Reads the whole file. With an error in the heading there are no rows.</summary>
    /// <param name="text">The file.</param>
    /// <param name="required">Columns that the heading must have, in lower case.</param>
    /// <param name="optional">Columns that it may have.</param>
    /// <param name="maxRows">Most rows; with more there is an error.</param>
    public static (IReadOnlyList<CsvTableRow> Rows, IReadOnlyList<CsvTableError> Errors) Read(
        string text, IReadOnlyList<string> required, IReadOnlyList<string> optional, int maxRows)
    {
        var (rows, errors) = (new List<CsvTableRow>(), new List<CsvTableError>());
        using var parser = new CsvParser(new StringReader(text.TrimStart('\uFEFF')), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            // A stray quote makes a wrong cell, which the caller finds.
            BadDataFound = null,
            TrimOptions = TrimOptions.Trim,
        });
        if (!parser.Read() || parser.Record is not { } names)
        {
            return (rows, [new(1, "heading", $"is required: {string.Join(',', required)}")]);
        }
        var columns = names.Select(name => name.ToLowerInvariant()).ToList();
        errors.AddRange(
            required.Where(name => !columns.Contains(name)).Select(missing => new CsvTableError(1, missing, "is missing in the heading")));
        errors.AddRange(columns.Where(name => !required.Contains(name) && !optional.Contains(name))
            .Select(unknown => new CsvTableError(1, unknown.Length == 0 ? "heading" : unknown, $"must be one of {string.Join(", ", required.Concat(optional))}")));
        errors.AddRange(columns.GroupBy(name => name).Where(group => group.Count() > 1).Select(
            group => new CsvTableError(1, group.Key, "is in the heading twice")));
        if (errors.Count > 0)
        {
            return (rows, errors);
        }
        while (parser.Read())
        {
            var (cells, record) = (parser.Record!, parser.RawRecord);
            var isClosed = record.Count(c => c == '"') % 2 == 0;
            // RawRow is the record's last line.
            var line = parser.RawRow - (isClosed ? record.TrimEnd('\r', '\n') : record).Count(c => c == '\n');
            if (rows.Count == maxRows)
            {
                errors.Add(new(line, "line", $"is too much: a file has at most {maxRows} lines"));
                break;
            }
            if (!isClosed)
            {
                errors.Add(new(line, "line", "has a quote that is not closed"));
            }
            else if (cells.Length == columns.Count)
            {
                rows.Add(new(line, columns.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal)));
            }
            else
            {
                errors.Add(new(line, "line", $"must have {columns.Count} columns, as the heading"));
            }
        }
        if (rows.Count == 0 && errors.Count == 0)
        {
            errors.Add(new(1, "line", "is missing: the file has only a heading"));
        }
        return (rows, errors);
    }
}

/// <summary>A row of a file.</summary>
/// <param name="Line">Line number in the file; the heading is line 1.</param>
/// <param name="Cells">Trimmed, by the names of the columns.</param>
public sealed record CsvTableRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>A cell; null if it is empty, or the file does not have the column.</summary>
    public string? Find(string column) => Cells.GetValueOrDefault(column) is { Length: > 0 } cell ? cell : null;
}

/// <summary>An error of a file.</summary>
public sealed record CsvTableError(int Line, string Column, string Message);
