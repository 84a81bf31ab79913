using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Returns one client. For callers who can see it.</summary>
public sealed class GetClient(RequestPipeline pipeline)
{
    [Function(nameof(GetClient))]
    [Operation("Clients", "Get a client")]
    [Requires(Capability.ReadClients)]
    [Returns(200, typeof(Client))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/clients/{clientId:guid}")] HttpRequest request,
        Guid clientId) =>
        pipeline.RunAsync<GetClient>(request, async call =>
            await Clients.FindAsync(call.Read(), clientId, call.CancellationToken) is { } client
                ? EntityTags.Show(call, client)
                : Problems.NotFound);
}
