using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;

namespace SalesBrain.Tests.Documentation.Samples;


public sealed class WithoutCaller(FrontDoor frontDoor)
{
    [Function(nameof(WithoutCaller))]
    [Endpoint("Samples", "Forgets to say who may call it")]
    [Answers(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-caller")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<WithoutCaller>(request, (_, _) => Task.FromResult(Answer.Ok("the secret")), cancellationToken);
}

public sealed class WithoutEndpoint(FrontDoor frontDoor)
{
    [Function(nameof(WithoutEndpoint))]
    [Anyone("anyone")]
    [Answers(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-endpoint")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<WithoutEndpoint>(request, (_, _) => Task.FromResult(Answer.Ok("the secret")), cancellationToken);
}

public sealed class WithoutAnswers(FrontDoor frontDoor)
{
    [Function(nameof(WithoutAnswers))]
    [Endpoint("Samples", "Forgets to say what it answers")]
    [Anyone("anyone")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/without-answers")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<WithoutAnswers>(request, (_, _) => Task.FromResult(Answer.Ok("x")), cancellationToken);
}

public sealed class PastTheFrontDoor
{
    [Function(nameof(PastTheFrontDoor))]
    [Endpoint("Samples", "Answers without asking anybody")]
    [SignedIn]
    [Answers(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/past")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Results.Text("the secret"));
}

public sealed class AsSomebodyElse(FrontDoor frontDoor)
{
    [Function(nameof(AsSomebodyElse))]
    [Endpoint("Samples", "Is let in under another's rules")]
    [SignedIn]
    [Answers(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/else")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<WithoutAnswers>(request, (_, _) => Task.FromResult(Answer.Ok("the secret")), cancellationToken);
}

public sealed class UnknownProblem(FrontDoor frontDoor)
{
    [Function(nameof(UnknownProblem))]
    [Endpoint("Samples", "Names a problem that is not in the catalogue")]
    [Anyone("anyone")]
    [Answers(200, typeof(string))]
    [Problems("not_foudn")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/unknown-problem")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<UnknownProblem>(request, (_, _) => Task.FromResult(Answer.Ok("x")), cancellationToken);
}

public sealed class SeveralMethods(FrontDoor frontDoor)
{
    [Function(nameof(SeveralMethods))]
    [Endpoint("Samples", "Would need two operation ids")]
    [Anyone("anyone")]
    [Answers(200, typeof(string))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", "patch", Route = "api/several")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<SeveralMethods>(request, (_, _) => Task.FromResult(Answer.Ok("x")), cancellationToken);
}
