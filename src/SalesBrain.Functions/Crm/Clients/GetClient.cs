using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Shows one client to whoever sees it.</summary>
public sealed class GetClient(FrontDoor frontDoor)
{
    [Function(nameof(GetClient))]
    [Endpoint("Clients", "One client")]
    [Requires(Capability.ReadClients)]
    [Answers(200, typeof(Client))]
    [Answers(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/clients/{clientId:guid}")] HttpRequest request,
        Guid clientId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetClient>(request, async (call, token) =>
            await Clients.FindAsync(call.Read(), clientId, token) is { } client ? EntityTags.Show(call, client) : Problems.NotFound, cancellationToken);
}
