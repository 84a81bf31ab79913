using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.Tests.Documentation.Samples;


public sealed class WithoutCaller(RequestPipeline pipeline)
{
    [Function(nameof(WithoutCaller))]
    [Operation("Samples", "Forgets to say who may call it")]
    [Returns(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-caller")] HttpRequest request) =>
        pipeline.RunAsync<WithoutCaller>(request, _ => Task.FromResult(ApiResults.Ok("the secret")));
}

public sealed class WithoutOperation(RequestPipeline pipeline)
{
    [Function(nameof(WithoutOperation))]
    [Anyone("anyone")]
    [Returns(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-endpoint")] HttpRequest request) =>
        pipeline.RunAsync<WithoutOperation>(request, _ => Task.FromResult(ApiResults.Ok("the secret")));
}

public sealed class WithoutReturns(RequestPipeline pipeline)
{
    [Function(nameof(WithoutReturns))]
    [Operation("Samples", "Forgets to say what it answers")]
    [Anyone("anyone")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-answers")] HttpRequest request) =>
        pipeline.RunAsync<WithoutReturns>(request, _ => Task.FromResult(ApiResults.Ok("x")));
}

public sealed class PastThePipeline
{
    [Function(nameof(PastThePipeline))]
    [Operation("Samples", "Answers without asking anybody")]
    [SignedIn]
    [Returns(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/past")] HttpRequest request) =>
        Task.FromResult(Results.Text("the secret"));
}

public sealed class AsSomebodyElse(RequestPipeline pipeline)
{
    [Function(nameof(AsSomebodyElse))]
    [Operation("Samples", "Is let in under another's rules")]
    [SignedIn]
    [Returns(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/else")] HttpRequest request) =>
        pipeline.RunAsync<WithoutReturns>(request, _ => Task.FromResult(ApiResults.Ok("the secret")));
}

public sealed class UnknownProblem(RequestPipeline pipeline)
{
    [Function(nameof(UnknownProblem))]
    [Operation("Samples", "Names a problem that is not in the catalogue")]
    [Anyone("anyone")]
    [Returns(200, typeof(string))]
    [Problems("not_foudn")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/unknown-problem")] HttpRequest request) =>
        pipeline.RunAsync<UnknownProblem>(request, _ => Task.FromResult(ApiResults.Ok("x")));
}

public sealed class SeveralMethods(RequestPipeline pipeline)
{
    [Function(nameof(SeveralMethods))]
    [Operation("Samples", "Would need two operation ids")]
    [Anyone("anyone")]
    [Returns(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", "patch", Route = "api/several")] HttpRequest request) =>
        pipeline.RunAsync<SeveralMethods>(request, _ => Task.FromResult(ApiResults.Ok("x")));
}
