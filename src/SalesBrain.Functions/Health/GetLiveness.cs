using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Health;

/// <summary>Says that the process answers, for the platform that restarts it.</summary>
public sealed class GetLiveness(FrontDoor frontDoor)
{
    [Function(nameof(GetLiveness))]
    [Endpoint("Health", "Whether the process answers")]
    [Anyone("anyone")]
    [Answers(200, typeof(HealthState), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health/live")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetLiveness>(request, (_, _) => Task.FromResult(Answer.Bare(new HealthState { Status = "up" })), cancellationToken);
}

public sealed record HealthState
{
    /// <summary><c>up</c> or <c>down</c>.</summary>
    public required string Status { get; init; }
}
