using System.Globalization;
using System.Text.Json;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// A number of a report as a row of a CSV file: the section (the path of the member in JSON), the row of a series or table, counted from 1,
/// the column, and the value, which is a number or a text.
/// </summary>
internal sealed record ReportCell(string Section, int? Row, string Column, string? Value, bool IsNumber);

/// <summary>A report's answer as CSV: every series and table of it in one file of four columns, which a pivot table turns back.</summary>
internal static class ReportCells
{
    internal static CsvColumn<ReportCell>[] Columns { get; } =
    [
        new("section", cell => cell.Section),
        new("row", cell => cell.Row?.ToString(CultureInfo.InvariantCulture)),
        new("column", cell => cell.Column),
        new("value", cell => cell.Value) { IsNumber = cell => cell.IsNumber },
    ];

    /// <summary>All numbers of an answer, in its order.</summary>
    internal static async IAsyncEnumerable<ReportCell> OfAsync(string answer)
    {
        await Task.CompletedTask;
        using var document = JsonDocument.Parse(answer);
        foreach (var cell in Of("", null, document.RootElement))
        {
            yield return cell;
        }
    }

    private static IEnumerable<ReportCell> Of(string section, int? row, JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            var name = section.Length == 0 ? member.Name : $"{section}.{member.Name}";
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var cell in Of(name, row, member.Value))
                    {
                        yield return cell;
                    }
                    break;
                case JsonValueKind.Array:
                    var number = 0;
                    foreach (var item in member.Value.EnumerateArray())
                    {
                        number++;
                        foreach (var cell in Of(name, number, item))
                        {
                            yield return cell;
                        }
                    }
                    break;
                default:
                    yield return new(
                        section, row, member.Name, member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.ToString(),
                        member.Value.ValueKind == JsonValueKind.Number);
                    break;
            }
        }
    }
}
