using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace SalesBrain.Integrations.Csv;

/// <summary>
/// Reads the records of a stored file, from any record on. The file is UTF-8 and is parsed as Latin-1, which has one character per byte: so
/// the parser's position is the byte offset, and a later page begins there at constant cost. Delimiters, quotes and line breaks are the
/// same in both. Cells are decoded afterwards.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    /// <summary>Longest cell in bytes. A missing closing quote would otherwise swallow the rest of the file.</summary>
    internal const int MaxCell = 64 * 1024;

    private readonly CsvParser _parser;
    private readonly long _offset;
    private readonly long _line;
    private bool _isBad;

    /// <param name="offset">The stream's position in the file.</param>
    /// <param name="line">Line breaks before that position.</param>
    internal CsvRows(Stream content, char delimiter, long offset = 0, long line = 0)
    {
        (_offset, _line) = (offset, line);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            BadDataFound = _ => _isBad = true,
            MaxFieldSize = MaxCell,
            BufferSize = 64 * 1024,
            ProcessFieldBufferSize = 1024,
            IgnoreBlankLines = true,
        };
        _parser = new CsvParser(
            new StreamReader(content, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, 64 * 1024), configuration);
    }

    /// <summary>Where the next record begins.</summary>
    internal long Offset => _offset + _parser.CharCount;

    /// <summary>Line breaks before the next record.</summary>
    internal long Lines => _line + _parser.RawRow;

    /// <summary>The line on which the record begins, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>Whether quotes in the record are not as they must be.</summary>
    internal bool IsBad { get; private set; }

    /// <summary>The next record's cells; null at the end.</summary>
    /// <exception cref="SourceException"><c>schema</c>: a cell is too long.</exception>
    internal string[]? Read()
    {
        try
        {
            _isBad = false;
            if (!_parser.Read())
            {
                return null;
            }
            var cells = _parser.Record!;
            var breaks = 0;
            for (var i = 0; i < cells.Length; i++)
            {
                breaks += BreaksIn(cells[i]);
                cells[i] = Decode(cells[i]);
            }
            IsBad = _isBad;
            Line = Lines - breaks;
            return cells;
        }
        catch (MaxFieldSizeException)
        {
            throw new SourceException(
                SourceErrors.Schema,
                $"A cell at or after line {Lines + 1} is longer than {MaxCell} bytes: a closing quote may be missing.");
        }
    }

    public void Dispose() => _parser.Dispose();

    private static int BreaksIn(string cell)
    {
        var breaks = 0;
        for (var i = cell.AsSpan().IndexOfAny('\r', '\n'); i >= 0 && i < cell.Length; i++)
        {
            if (cell[i] == '\n' || (cell[i] == '\r' && !(i + 1 < cell.Length && cell[i + 1] == '\n')))
            {
                breaks++;
            }
        }
        return breaks;
    }

    private static string Decode(string cell) => Ascii.IsValid(cell) ? cell : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(cell));
}
