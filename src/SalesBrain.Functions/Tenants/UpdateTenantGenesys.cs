using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Tenants;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>Maps a tenant to the Genesys organization whose agents sign in, for sb_admin.</summary>
public sealed class UpdateTenantGenesys(RequestPipeline pipeline, SalesBrainDatabase database, TenantMappings mappings)
{
    [Function(nameof(UpdateTenantGenesys))]
    [Operation("Tenants", "Set a tenant's Genesys organization", Description =
        "The agents of the Genesys organization then sign in to the tenant's organization. Send null for both to end that. "
        + "The sessions of agents who signed in with the former one end.")]
    [Requires(Capability.ManageOrganizations)]
    [Returns(200, typeof(Tenant))]
    [Problems("not_found", "already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/tenants/{tenantId:guid}/genesys")] HttpRequest request, Guid tenantId) =>
        pipeline.RunAsync<UpdateTenantGenesys, UpdateTenantGenesysRequest>(request, (call, input) => ChangeAsync(call, tenantId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid tenantId, UpdateTenantGenesysRequest input)
    {
        if (input.GenesysOrgId is null != input.GenesysRegion is null)
        {
            return Problems.InvalidMember(
                input.GenesysOrgId is null ? "genesys_org_id" : "genesys_region", UpdateTenantGenesysRequest.Both);
        }
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        if (await TenantTable.LockAsync(session, tenantId, call.CancellationToken) is not { } before)
        {
            return Problems.NotFound;
        }
        var mapped = new MappedTenant(before.Id, before.OrganizationId, before.TenantKey, before.GenesysOrgId, before.GenesysRegion);
        var changed = mapped with
        {
            GenesysOrgId = input.GenesysOrgId is { } id ? GenesysOrgIds.Read(id) : null,
            GenesysRegion = input.GenesysRegion,
        };
        if (changed == mapped)
        {
            return ApiResults.Ok(before);
        }
        await mappings.ChangeAsync(call, session, [(mapped, changed)]);
        return ApiResults.Ok(
            before with { GenesysOrgId = changed.GenesysOrgId, GenesysRegion = changed.GenesysRegion, UpdatedAt = call.Now.UtcDateTime });
    }
}

public sealed record UpdateTenantGenesysRequest
{
    internal const string Both = "must be given together with the other: both null, or neither";

    /// <summary>The id of the Genesys organization, a UUID. Of another form it is stored as it is.</summary>
    [GenesysOrgId]
    public required string? GenesysOrgId { get; init; }

    /// <summary>The region of the Genesys organization, by the name of its AWS region.</summary>
    [GenesysRegion]
    public required string? GenesysRegion { get; init; }
}
