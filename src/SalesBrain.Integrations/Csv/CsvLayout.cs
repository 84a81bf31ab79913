using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Csv;

/// <summary>A file's columns and what they mean.</summary>
internal sealed record CsvLayout(IReadOnlyList<string> Headers, IReadOnlyDictionary<int, string> FieldOfColumn)
{
    /// <summary>The layout of a header row. A mapping may name headers that the file does not have.</summary>
    internal static CsvLayout Of(IReadOnlyList<string> cells, IReadOnlyDictionary<string, string>? mapping)
    {
        var headers = cells.Select((cell, i) => HeaderOf(cell, i)).ToList();
        var used = mapping ?? CsvHeaders.Guess(headers);
        var fields = new Dictionary<int, string>();
        for (var i = 0; i < headers.Count; i++)
        {
            if (used.TryGetValue(headers[i], out var field) && !fields.ContainsValue(field))
            {
                fields[i] = field;
            }
        }
        return new CsvLayout(headers, fields);
    }

    internal bool Has(string field) => FieldOfColumn.Values.Contains(field);

    /// <summary>Whether rows can be told apart: by e-mail, profile, own id, or name and company.</summary>
    internal bool CanIdentify =>
        Has("email") || Has("linkedin_url") || Has("external_id") || ((Has("last_name") || Has(PersonFields.FullName)) && Has("company"));

    internal string? ColumnOf(string field) =>
        FieldOfColumn.Where(column => column.Value == field).Select(column => Headers[column.Key]).FirstOrDefault();

    private static string HeaderOf(string cell, int index)
    {
        var name = string.Concat(cell.Where(character => !char.IsControl(character))).Trim();
        return name.Length == 0 ? $"Column {index + 1}" : name.Length <= CsvHeaders.MaxLength ? name : name[..CsvHeaders.MaxLength];
    }
}
