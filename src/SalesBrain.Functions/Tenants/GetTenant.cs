using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Tenants;

/// <summary>Shows one tenant: platform operators any, owners and admins their own.</summary>
public sealed class GetTenant(RequestPipeline pipeline)
{
    [Function(nameof(GetTenant))]
    [Operation("Tenants", "Get a tenant", Description = "Platform operators see every tenant, owners and admins their own organization's.")]
    [Requires(Capability.ReadTenants)]
    [Returns(200, typeof(Tenant))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/tenants/{tenantId:guid}")] HttpRequest request, Guid tenantId) =>
        pipeline.RunAsync<GetTenant>(request, async call =>
            await TenantTable.FindAsync(call.Read(), tenantId, call.CancellationToken) is { } tenant
                ? ApiResults.Ok(tenant)
                : Problems.NotFound);
}
