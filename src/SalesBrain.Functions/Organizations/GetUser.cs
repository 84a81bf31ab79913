using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Returns one user. For callers who can see it.</summary>
public sealed class GetUser(RequestPipeline pipeline)
{
    [Function(nameof(GetUser))]
    [Operation("Users", "Get a user")]
    [Requires(Capability.ReadUsers)]
    [Returns(200, typeof(User))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/users/{userId:guid}")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<GetUser>(request, async call =>
            await Users.FindAsync(call.Read(), userId, call.CancellationToken) is { } user
                ? EntityTags.Show(call, user)
                : Problems.NotFound);
}
