using SalesBrain.Core.Tenants;
using SalesBrain.Integrations.Csv;

namespace SalesBrain.Functions.Tenants;

/// <summary>Reads a CSV file of Genesys organizations.</summary>
internal static class MappingFile
{
    private const string Key = "tenant_key";
    private const string Org = "genesys_org_id";
    private const string Region = "genesys_region";

    /// <summary>The lines, or the errors of the file's form.</summary>
    internal static (List<TenantMapping> Mappings, List<MappingError> Errors) Read(string csv)
    {
        var (rows, errors) = CsvTable.Read(csv, [Key, Org], [Region], TenantMappingRules.MaxLines);
        return (
            [.. rows.Select(row => new TenantMapping(row.Line, row.Cells[Key], row.Cells[Org], row.Find(Region)))],
            [.. errors.Select(error => new MappingError(error.Line, error.Column, error.Message))]);
    }
}
