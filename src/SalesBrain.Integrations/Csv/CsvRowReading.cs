using System.Text.Json;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Csv;

/// <summary>Turns a record into a person, or into a problem.</summary>
internal static class CsvRowReading
{
    /// <summary>
    /// The person or the problem; neither for an empty record. What the columns hold beside the mapped fields, and what a field could not
    /// use, becomes the person's data.
    /// </summary>
    internal static (
        SourcePerson? Person,
        SourceRowProblem? Problem) Read(CsvLayout layout, string[] cells, long line, bool isBad, string fallbackId, string? country)
    {
        if (Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
        {
            return (null, null);
        }
        if (isBad)
        {
            return (null, new SourceRowProblem(line, null, "quotes_invalid"));
        }
        if (cells.Length > layout.Headers.Count && cells.Skip(layout.Headers.Count).Any(cell => cell.Length > 0))
        {
            return (null, new SourceRowProblem(line, null, "too_many_cells"));
        }
        var (texts, data) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<KeyValuePair<string, JsonElement?>>());
        for (var i = 0; i < Math.Min(cells.Length, layout.Headers.Count); i++)
        {
            var cell = cells[i].Trim();
            if (cell.Length == 0)
            {
                continue;
            }
            if (cell.Contains('\0'))
            {
                return (null, new SourceRowProblem(line, layout.Headers[i], "characters_invalid"));
            }
            if (layout.FieldOfColumn.TryGetValue(i, out var field))
            {
                texts[field] = cell;
            }
            else
            {
                data.Add(PersonText.Member(layout.Headers[i], cell));
            }
        }
        if (texts.TryGetValue("email", out var email) && PersonText.Email(email) is null)
        {
            return (null, new SourceRowProblem(line, layout.ColumnOf("email"), "email_invalid"));
        }
        if (texts.TryGetValue("external_id", out var id) && PersonText.ExternalId(id) is null)
        {
            return (null, new SourceRowProblem(line, layout.ColumnOf("external_id"), "too_long"));
        }
        foreach (var field in (string[])["linkedin_url", "phone"])
        {
            if (texts.TryGetValue(field, out var text)
                && (field == "phone" ? PersonText.Phone(text, null) : PersonText.LinkedinUrl(text)) is null)
            {
                data.Add(PersonText.Member(layout.ColumnOf(field)!, text));
            }
        }
        var person = PersonFields.Read(texts, null, country, PersonText.Data(data));
        if (person.ExternalId is not null || person.Email is not null || person.LinkedinUrl is not null)
        {
            return (person, null);
        }
        // A name and a company tell people apart, but they are no key: the row itself makes repeating a page harmless.
        return (person.FirstName ?? person.LastName) is not null && person.Company is not null
            ? (person with { ExternalId = fallbackId }, null)
            : (null, new SourceRowProblem(line, null, "identity_missing"));
    }
}
