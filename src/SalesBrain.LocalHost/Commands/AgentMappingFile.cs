using System.Text;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Integrations.Csv;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>The CSV file that names the Genesys users of old agents.</summary>
internal static class AgentMappingFile
{
    private const int MaxLines = 100_000;
    private const string Agent = "old_agent_id";
    private const string Genesys = "genesys_user_id";
    private const string Tenant = "tenant_id";
    private const string Name = "name";
    private const string Email = "email";

    /// <summary>The lines, and the errors of the file's form.</summary>
    /// <exception cref="StartupException">The file cannot be read.</exception>
    internal static async Task<(IReadOnlyList<AgentMapping> Mappings, IReadOnlyList<string> Errors)> ReadAsync(
        string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, new UTF8Encoding(false, throwOnInvalidBytes: true), cancellationToken);
        }
        catch (DecoderFallbackException e)
        {
            throw new StartupException($"--mapping: {path} is not encoded in UTF-8. Save it as CSV UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--mapping: {path} cannot be read. {e.Message}", e);
        }
        var (rows, errors) = CsvTable.Read(text, [Agent, Genesys, Tenant], [Name, Email], MaxLines);
        return (
            [.. rows.Select(row => new AgentMapping(row.Line, row.Cells[Agent], row.Cells[Genesys], row.Cells[Tenant], row.Find(Name), row.Find(Email)))],
            [.. errors.Select(error => $"Line {error.Line}: {(error.Column == "line" ? "the line" : error.Column)} {error.Message}.")]);
    }
}
