using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Tenants;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>
/// Finds the tenant of a Genesys organization, for platform operators and services with the service key. For everybody else every
/// organization is unknown: strangers must not learn who is a customer.
/// </summary>
public sealed class GetTenantByGenesysOrg(RequestPipeline pipeline, SalesBrainDatabase database, IOptions<TenantOptions> options)
{
    internal const string KeyHeader = "X-Service-Key";

    [Function(nameof(GetTenantByGenesysOrg))]
    [Operation("Tenants", "Find the tenant of a Genesys organization", Description =
        "Services send the service key as X-Service-Key. Every other caller gets 404, for organizations that are mapped and for those that are not.")]
    [Anyone("sb_admin, sb_operator, and services with the service key", MayBeSignedIn = true)]
    [Returns(200, typeof(Tenant))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/tenants/by-genesys-org/{genesysOrgId}")] HttpRequest request, string genesysOrgId) =>
        pipeline.RunAsync<GetTenantByGenesysOrg>(request, async call =>
            await MayAskAsync(call) && GenesysOrgIds.Read(genesysOrgId) is { } id
                && await TenantTable.FindByGenesysOrgAsync(database.ReadPlatform(), id, call.CancellationToken) is { } tenant
                ? ApiResults.Ok(tenant)
                : Problems.NotFound);

    private async Task<bool> MayAskAsync(Call call) =>
        options.Value.IsServiceKey(call.Request.Headers[KeyHeader])
            || await call.FindCallerAsync() is { } caller && caller.Role.IsPlatform();
}
