using System.Text;
using System.Text.Json;

namespace SalesBrain.Bench.Reports;

/// <summary>
/// Keeps the newest result of every scenario and writes them all as one document, so that measuring one thing again doesn't lose the
/// others.
/// </summary>
/// <param name="resultFolder">Where the results are kept, a JSON file per scenario.</param>
/// <param name="document">The document to write.</param>
/// <param name="comparisons">A Markdown file that the document ends with; null for none.</param>
internal sealed class Report(string resultFolder, string document, string? comparisons = null)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public void Keep(Section section)
    {
        Directory.CreateDirectory(resultFolder);
        File.WriteAllText(Path.Combine(resultFolder, $"{section.Name}.json"), JsonSerializer.Serialize(section, Json));
    }

    /// <summary>Writes the document from everything kept, in the order of <paramref name="names"/>; returns its path.</summary>
    public string Write(IEnumerable<string> names)
    {
        var sections = names.Select(name => Path.Combine(resultFolder, $"{name}.json")).Where(File.Exists)
            .Select(file => JsonSerializer.Deserialize<Section>(File.ReadAllText(file))!)
            .ToList();
        var text = new StringBuilder();
        text.Append("""
            # Performance

            Written by `bench/run.sh`; `bench/README.md` says how to run it. What is compared was measured in turn, in one run, on the same database;
            a value is the median of the turns, in parentheses the least and the most. The machine is small and noisy: ratios count, absolute numbers
            are for orientation.

            | work | measured against | target | measured | met |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var claim in sections.SelectMany(section => section.Claims))
        {
            text.AppendLine($"| {claim.Work} | {claim.Against} | {claim.Target} | {claim.Measured} | {(claim.IsMet ? "yes" : "no")} |");
        }
        foreach (var section in sections)
        {
            var c = section.Circumstances!;
            text.AppendLine().AppendLine($"## {section.Title}").AppendLine()
                .AppendLine(
                    $"{c.At:yyyy-MM-dd HH:mm} UTC, commit `{c.Commit}`. {c.Machine}. {c.Versions}. "
                    + $"{c.Sizes}.{(c.LoadAverage is { } load ? $" Load average {load}." : "")}").AppendLine()
                .AppendLine(section.Method);
            foreach (var table in section.Tables)
            {
                text.AppendLine().AppendLine($"{table.Title}:").AppendLine()
                    .AppendLine($"| {string.Join(" | ", table.Columns)} |")
                    .AppendLine($"| {string.Join(" | ", table.Columns.Select((_, i) => i == 0 ? "---" : "---:"))} |");
                foreach (var row in table.Rows)
                {
                    text.AppendLine($"| {string.Join(" | ", row)} |");
                }
            }
        }
        if (comparisons is not null && File.Exists(comparisons))
        {
            text.AppendLine().Append(File.ReadAllText(comparisons));
        }
        Directory.CreateDirectory(Path.GetDirectoryName(document)!);
        File.WriteAllText(document, text.ToString().ReplaceLineEndings("\n"));
        return document;
    }
}
