using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Tenants;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>Maps many tenants to their Genesys organizations, all of them or none, for sb_admin.</summary>
public sealed class ImportTenantMapping(RequestPipeline pipeline, SalesBrainDatabase database, TenantMappings tenantMappings)
{
    private const string Csv = "csv";

    [Function(nameof(ImportTenantMapping))]
    [Operation("Tenants", "Import the Genesys organizations of tenants", Description =
        "Takes a CSV file with the columns tenant_key, genesys_org_id and, if wanted, genesys_region. Every line is checked first; with an "
        + "error in any line nothing is changed, and the response names each error by its line. dry_run only checks. The sessions of "
        + "agents who signed in with a former Genesys organization end.")]
    [Requires(Capability.ManageOrganizations)]
    [Returns(200, typeof(TenantMappingResult))]
    [Problems("already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tenants/import-mapping")] HttpRequest request) =>
        pipeline.RunAsync<ImportTenantMapping, ImportTenantMappingRequest>(request, ImportAsync);

    private async Task<IResult> ImportAsync(Call call, ImportTenantMappingRequest input)
    {
        var (mappings, errors) = MappingFile.Read(input.Csv);
        errors.AddRange(TenantMappingRules.FindErrors(mappings));
        if (errors.Count > 0)
        {
            return Refuse(errors);
        }
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var ids = mappings.ConvertAll(mapping => GenesysOrgIds.Read(mapping.GenesysOrgId)!);
        var tenants = await TenantTable.LockMappedAsync(
            session, mappings.Select(mapping => mapping.TenantKey), ids, call.CancellationToken);
        errors.AddRange(TenantMappingRules.FindErrors(mappings, tenants));
        if (errors.Count > 0)
        {
            return Refuse(errors);
        }
        var changes = Changes(mappings, tenants).ToList();
        if (changes.Count > 0 && !input.DryRun)
        {
            await tenantMappings.ChangeAsync(call, session, changes);
        }
        return ApiResults.Ok(new TenantMappingResult
        {
            DryRun = input.DryRun,
            Lines = mappings.Count,
            Changed = changes.Count,
            Unchanged = mappings.Count - changes.Count,
        });
    }

    private static IEnumerable<(MappedTenant Before, MappedTenant After)> Changes(List<TenantMapping> mappings, List<MappedTenant> tenants)
    {
        var byKey = tenants.ToDictionary(tenant => tenant.TenantKey, StringComparer.Ordinal);
        foreach (var mapping in mappings)
        {
            var before = byKey[mapping.TenantKey];
            var after = before with
            {
                GenesysOrgId = GenesysOrgIds.Read(mapping.GenesysOrgId),
                GenesysRegion = mapping.GenesysRegion ?? before.GenesysRegion,
            };
            if (after != before)
            {
                yield return (before, after);
            }
        }
    }

    private static Problem Refuse(IEnumerable<MappingError> found)
    {
        var errors = new InputErrors();
        foreach (var error in found.OrderBy(error => error.Line))
        {
            errors.Add($"{Csv}[{error.Line}].{error.Column}", error.Message);
        }
        return Problems.InvalidInput(errors);
    }
}

public sealed record ImportTenantMappingRequest
{
    /// <summary>The text of the CSV file. The first line is the heading.</summary>
    [StringLength(900_000, MinimumLength = 1)]
    public required string Csv { get; init; }

    /// <summary>Check only, change nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What an import has changed or, with <c>dry_run</c>, would change.</summary>
public sealed record TenantMappingResult
{
    public required bool DryRun { get; init; }

    /// <summary>Lines without the heading.</summary>
    public required int Lines { get; init; }
    public required int Changed { get; init; }

    /// <summary>Lines that say what is so already.</summary>
    public required int Unchanged { get; init; }
}
