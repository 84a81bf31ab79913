using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using SalesBrain.Core.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>Reads a CSV file of Genesys organizations (RFC 4180).</summary>
internal static class MappingFile
{
    private const string Key = "tenant_key";
    private const string Org = "genesys_org_id";
    private const string Region = "genesys_region";

    /// <summary>The lines, or the errors of the file's form.</summary>
    internal static (List<TenantMapping> Mappings, List<MappingError> Errors) Read(string csv)
    {
        var (mappings, errors) = (new List<TenantMapping>(), new List<MappingError>());
        using var parser = new CsvParser(new StringReader(csv.TrimStart('\uFEFF')), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            // A stray quote is a wrong id, which is told with its line.
            BadDataFound = null,
            TrimOptions = TrimOptions.Trim,
        });
        if (!parser.Read() || parser.Record is not { } names)
        {
            errors.Add(new(1, "heading", $"is required: {Key},{Org}"));
            return (mappings, errors);
        }
        var columns = names.Select(name => name.ToLowerInvariant()).ToList();
        foreach (var missing in new[] { Key, Org }.Where(name => !columns.Contains(name)))
        {
            errors.Add(new(1, missing, "is missing in the heading"));
        }
        foreach (var unknown in columns.Where(name => name is not (Key or Org or Region)))
        {
            errors.Add(new(1, unknown.Length == 0 ? "heading" : unknown, $"must be one of {Key}, {Org}, {Region}"));
        }
        if (errors.Count > 0 || columns.Count != columns.Distinct().Count())
        {
            errors.AddRange(columns.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => new MappingError(1, group.Key, "is in the heading twice")));
            return (mappings, errors);
        }
        while (parser.Read())
        {
            var cells = parser.Record!;
            if (mappings.Count == TenantMappingRules.MaxLines)
            {
                errors.Add(new(parser.RawRow, "line", $"is too much: a file has at most {TenantMappingRules.MaxLines} lines"));
                break;
            }
            if (cells.Length != columns.Count)
            {
                errors.Add(new(parser.RawRow, "line", $"must have {columns.Count} columns, as the heading"));
                continue;
            }
            var region = columns.IndexOf(Region) is >= 0 and var at && cells[at].Length > 0 ? cells[at] : null;
            mappings.Add(new(parser.RawRow, cells[columns.IndexOf(Key)], cells[columns.IndexOf(Org)], region));
        }
        if (mappings.Count == 0 && errors.Count == 0)
        {
            errors.Add(new(1, "line", "is missing: the file has only a heading"));
        }
        return (mappings, errors);
    }
}
