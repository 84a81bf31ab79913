using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Csv;

/// <summary>Takes an uploaded file in: detects how it is written, rewrites it as UTF-8, and reads every row once.</summary>
public static class CsvIntake
{
    public const int MaxBytes = 50 * 1024 * 1024;
    public const int MaxRows = 500_000;

    /// <summary>Problems that a report lists. It counts all.</summary>
    public const int MaxProblems = 1000;

    private const int SampleRows = 5;
    private const int SampleCell = 200;

    /// <summary>
    /// Reads <paramref name="upload"/> and writes it as UTF-8 into <paramref name="stored"/>, an empty stream that can seek; its position
    /// is its start afterwards.
    /// </summary>
    /// <exception cref="CsvRefusedException">The file cannot be read at all.</exception>
    public static async Task<CsvReport> ReadAsync(
        Stream upload, Stream stored, JsonElement config, IReadOnlyDictionary<string, string>? mapping, CancellationToken cancellationToken)
    {
        var settings = CsvConfig.Read(new FormReader("config", config));
        upload.Position = 0;
        var encoding = settings.Encoding ?? await CsvEncodings.DetectAsync(upload, cancellationToken)
            ?? throw new CsvRefusedException("encoding_unknown", "The file is not text in UTF-8, UTF-16 or Windows-1252.");
        upload.Position = 0;
        var sha256 = await RewriteAsync(upload, stored, encoding, cancellationToken);
        stored.Position = 0;
        var head = new byte[64 * 1024];
        var length = await stored.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var delimiter = settings.Delimiter ?? CsvDelimiters.Detect(Encoding.UTF8.GetString(head, 0, length), length < head.Length);
        stored.Position = 0;
        try
        {
            return ReadRows(stored, delimiter, encoding, sha256, mapping ?? settings.Mapping, settings.Country, cancellationToken);
        }
        catch (SourceException e)
        {
            throw new CsvRefusedException("cell_too_long", e.Message);
        }
        finally
        {
            stored.Position = 0;
        }
    }

    /// <summary>Writes the text in UTF-8 without a byte order mark. Returns the digest of what it wrote.</summary>
    private static async Task<string> RewriteAsync(Stream upload, Stream stored, string encoding, CancellationToken cancellationToken)
    {
        var mark = new byte[3];
        var length = await upload.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken);
        upload.Position = CsvEncodings.MarkLength(encoding, mark.AsSpan(0, length));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = new StreamReader(
            upload, CsvEncodings.Of(encoding), detectEncodingFromByteOrderMarks: false, 64 * 1024, leaveOpen: true);
        var (characters, bytes) = (new char[32 * 1024], new byte[Encoding.UTF8.GetMaxByteCount(32 * 1024 + 1)]);
        var encoder = new UTF8Encoding(false).GetEncoder();
        while (await reader.ReadAsync(characters, cancellationToken) is > 0 and var read)
        {
            if (characters.AsSpan(0, read).Contains('\0'))
            {
                throw new CsvRefusedException("characters_invalid", "The file contains NUL characters.");
            }
            var count = encoder.GetBytes(characters.AsSpan(0, read), bytes, flush: false);
            digest.AppendData(bytes, 0, count);
            await stored.WriteAsync(bytes.AsMemory(0, count), cancellationToken);
        }
        var rest = encoder.GetBytes([], bytes, flush: true);
        digest.AppendData(bytes, 0, rest);
        await stored.WriteAsync(bytes.AsMemory(0, rest), cancellationToken);
        await stored.FlushAsync(cancellationToken);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static CsvReport ReadRows(
        Stream stored, char delimiter, string encoding, string sha256, IReadOnlyDictionary<string, string>? mapping, string? country, CancellationToken cancellationToken)
    {
        using var rows = new CsvRows(new Unclosed(stored), delimiter);
        var cells = rows.Read() ?? throw new CsvRefusedException("file_empty", "The file is empty.");
        if (cells.Length > CsvHeaders.MaxColumns)
        {
            throw new CsvRefusedException("too_many_columns", $"The file has more than {CsvHeaders.MaxColumns} columns.");
        }
        var layout = CsvLayout.Of(cells, mapping);
        var (problems, sample) = (new List<SourceRowProblem>(), new List<IReadOnlyList<string>>());
        var (count, readable, broken) = (0L, 0L, 0L);
        foreach (var duplicate in layout.Headers.GroupBy(header => header, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add(new SourceRowProblem(1, duplicate.Key, "header_duplicate"));
        }
        foreach (var missing in (mapping ?? new Dictionary<string, string>()).Keys.Where(header => !layout.Headers.Contains(header)))
        {
            problems.Add(new SourceRowProblem(1, missing, "header_missing"));
        }
        if (!layout.CanIdentify)
        {
            problems.Add(new SourceRowProblem(1, null, "identity_column_missing"));
        }
        while (rows.Read() is { } row)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (person, problem) = CsvRowReading.Read(layout, row, rows.Line, rows.IsBad, "row", country);
            if (person is null && problem is null)
            {
                continue;
            }
            if (++count > MaxRows)
            {
                throw new CsvRefusedException("too_many_rows", $"The file has more than {MaxRows} rows.");
            }
            readable += person is null ? 0 : 1;
            if (problem is not null && ++broken <= MaxProblems)
            {
                problems.Add(problem);
            }
            if (sample.Count < SampleRows)
            {
                sample.Add([.. row.Take(layout.Headers.Count).Select(cell => cell.Length <= SampleCell ? cell : cell[..SampleCell])]);
            }
        }
        var used = layout.FieldOfColumn.ToDictionary(column => layout.Headers[column.Key], column => column.Value, StringComparer.Ordinal);
        return new CsvReport(
            layout.Headers, delimiter, encoding, count, readable, broken, used, sample, problems, layout.CanIdentify,
            new FileFacts(sha256, count, delimiter));
    }

    /// <summary>The parser closes its stream; the caller still needs it.</summary>
    private sealed class Unclosed(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>What a file holds.</summary>
/// <param name="Rows">Rows without the header and without empty rows.</param>
/// <param name="Readable">Rows that give a person.</param>
/// <param name="Broken">Rows with a problem. The first ones are in <paramref name="Problems"/>.</param>
/// <param name="Mapping">Field by header.</param>
/// <param name="Sample">The cells of the first rows.</param>
/// <param name="CanIdentify">Whether a mapped column tells people apart.</param>
public sealed record CsvReport(
    IReadOnlyList<string> Headers, char Delimiter, string Encoding, long Rows, long Readable, long Broken,
    IReadOnlyDictionary<string, string> Mapping, IReadOnlyList<IReadOnlyList<string>> Sample, IReadOnlyList<SourceRowProblem> Problems,
    bool CanIdentify, FileFacts Facts);

/// <summary>A file that cannot be read at all.</summary>
/// <param name="code">A word for programs.</param>
/// <param name="message">One sentence for the user.</param>
public sealed class CsvRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
