using SalesBrain.Integrations.Forms;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Csv;

/// <summary>Settings of a CSV source.</summary>
/// <param name="Country">ISO 3166 code for phone numbers of rows without a country; null for none.</param>
/// <param name="Delimiter">Instead of the detected one.</param>
/// <param name="Encoding">Instead of the detected one: one of <see cref="CsvEncodings.Names"/>.</param>
/// <param name="Mapping">Field by header; null to guess it.</param>
public sealed record CsvConfig(string? Country, char? Delimiter, string? Encoding, IReadOnlyDictionary<string, string>? Mapping)
{
    internal static CsvConfig Read(FormReader form)
    {
        var country = form.OptionalText("country", 2, FormPatterns.Country(), "must be a country's code of two capital letters");
        var delimiter = form.OptionalText("delimiter", 1);
        form.Check(
            delimiter is null || CsvDelimiters.All.Contains(delimiter[0]), "delimiter", "invalid",
            "must be a comma, a semicolon, a tab or a vertical bar");
        var encoding = form.OptionalText("encoding", 20);
        form.Check(
            encoding is null || CsvEncodings.Names.Contains(encoding), "encoding", "invalid",
            $"must be one of {string.Join(", ", CsvEncodings.Names)}");
        var mapping = form.Texts("mapping", CsvHeaders.MaxColumns, CsvHeaders.MaxLength, 40);
        CheckMapping(mapping, form, "mapping.");
        form.End();
        return new CsvConfig(country, delimiter?[0], encoding, mapping.Count == 0 ? null : mapping);
    }

    internal static void CheckMapping(IReadOnlyDictionary<string, string> mapping, FormReader form, string prefix)
    {
        foreach (var (header, field) in mapping)
        {
            var name = prefix + (header.Length <= 60 ? header : header[..60]);
            form.Check(PersonFields.All.Contains(field), name, "unknown", $"must be one of {string.Join(", ", PersonFields.All)}");
            form.Check(mapping.Count(other => other.Value == field) == 1, name, "duplicate", "maps to a field that another column maps to");
        }
    }
}
