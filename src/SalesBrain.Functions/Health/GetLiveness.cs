using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Health;

/// <summary>Liveness check for the platform, which restarts the process if it fails.</summary>
public sealed class GetLiveness(RequestPipeline pipeline)
{
    [Function(nameof(GetLiveness))]
    [Operation("Health", "Check that the process is running", Description = "HEAD works as well.")]
    [Anyone("anyone")]
    [Returns(200, typeof(HealthState), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/live")] HttpRequest request) =>
        pipeline.RunAsync<GetLiveness>(request, _ => Task.FromResult(ApiResults.Bare(new HealthState { Status = "up" })));
}

public sealed record HealthState
{
    /// <summary><c>up</c> or <c>down</c>.</summary>
    [AllowedValues("up", "down")]
    public required string Status { get; init; }
}
