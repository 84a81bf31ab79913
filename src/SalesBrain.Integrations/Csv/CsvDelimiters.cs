using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SalesBrain.Integrations.Csv;

/// <summary>The delimiter between cells, detected from a file's first rows.</summary>
internal static class CsvDelimiters
{
    internal static readonly char[] All = [',', ';', '\t', '|'];

    private const int SampleRows = 20;

    /// <summary>
    /// The delimiter that gives the most rows the same number of cells as the first; a comma if there is only one column.
    /// </summary>
    internal static char Detect(string head, bool isWhole)
    {
        var (best, bestScore) = (',', 0.0);
        foreach (var delimiter in All)
        {
            var counts = Counts(head, delimiter, isWhole);
            if (counts is [> 1 and var columns, ..])
            {
                var score = counts.Count(count => count == columns) / (double)counts.Count * 1000 + Math.Min(columns, 100);
                (best, bestScore) = score > bestScore ? (delimiter, score) : (best, bestScore);
            }
        }
        return best;
    }

    private static List<int> Counts(string head, char delimiter, bool isWhole)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            BadDataFound = null,
            MaxFieldSize = head.Length + 1,
        };
        using var parser = new CsvParser(new StringReader(head), configuration);
        var counts = new List<int>();
        while (counts.Count < SampleRows && parser.Read())
        {
            counts.Add(parser.Count);
        }
        // The last row of a sample may be cut.
        if (!isWhole && counts.Count is > 1 and < SampleRows)
        {
            counts.RemoveAt(counts.Count - 1);
        }
        return counts;
    }
}
