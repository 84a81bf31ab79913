using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Shows one user to whoever sees it.</summary>
public sealed class GetUser(FrontDoor frontDoor)
{
    [Function(nameof(GetUser))]
    [Endpoint("Users", "One user")]
    [Requires(Capability.ReadUsers)]
    [Answers(200, typeof(User))]
    [Answers(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetUser>(request, async (call, token) =>
            await UserAccounts.FindAsync(call.Read(), userId, token) is { } user ? EntityTags.Show(call, user) : Problems.NotFound, cancellationToken);
}
