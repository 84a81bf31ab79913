using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace SalesBrain.Tests.Hosting.Samples;

/// <summary>Counts what is created and disposed, to see scopes.</summary>
public sealed class ScopedService : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Sound functions of every shape: route values of every type, every way to end.</summary>
public sealed class SampleLeads(ScopedService service)
{
    private const AuthorizationLevel Anybody = AuthorizationLevel.Anonymous;

    private readonly Guid instance = Guid.NewGuid();

    [Function("GetLead")]
    public Task<IResult> GetAsync([HttpTrigger(Anybody, "get", Route = "api/leads/{leadId:guid}")] HttpRequest request, Guid leadId) =>
        Text($"lead {leadId}");

    [Function("UpdateLead")]
    public Task<IResult> UpdateAsync(
        [HttpTrigger(Anybody, "put", "patch", Route = "api/leads/{leadId:guid}")] HttpRequest request, Guid leadId) =>
        Text($"{request.Method} {leadId}");

    [Function("ListBulk")]
    public Task<IResult> BulkAsync([HttpTrigger(Anybody, "get", "head", "options", Route = "api/leads/bulk")] HttpRequest request) =>
        Text("bulk");

    [Function("GetPage")]
    public Task<IResult> PageAsync(
        [HttpTrigger(Anybody, "get", Route = "api/pages/{number:int}/{size:long?}")] HttpRequest request, int number, long? size) =>
        Text($"page {number} of {size?.ToString() ?? "any"}");

    [Function("GetFile")]
    public Task<IResult> FileAsync([HttpTrigger(Anybody, "get", Route = "api/files/{**path}")] HttpRequest request, string path) =>
        Text(path);

    [Function("Scopes")]
    public Task<IResult> ScopesAsync([HttpTrigger(Anybody, "get", Route = "api/scopes")] HttpRequest request) =>
        Text($"{instance} {service.Id}");

    [Function("Echo")]
    public async Task<IResult> EchoAsync([HttpTrigger(Anybody, "post", Route = "api/echo")] HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return Results.Text($"{request.QueryString} {await reader.ReadToEndAsync(request.HttpContext.RequestAborted)}", statusCode: 201);
    }

    [Function("Fail")]
    public async Task<IResult> FailAsync([HttpTrigger(Anybody, "get", Route = "api/fail")] HttpRequest request)
    {
        await Task.Yield();
        request.HttpContext.Response.Headers["X-Half-Done"] = "yes";
        throw new InvalidOperationException("the secret reason");
    }

    [Function("Hang")]
    public async Task<IResult> HangAsync([HttpTrigger(Anybody, "get", Route = "api/hang")] HttpRequest request)
    {
        var signals = request.HttpContext.RequestServices.GetRequiredService<Signals>();
        signals.Started.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            signals.Cancelled.TrySetResult();
            throw;
        }

        return Results.Ok();
    }

    private static Task<IResult> Text(string text) => Task.FromResult(Results.Text(text));
}

/// <summary>Lets a test await what happens inside a function.</summary>
public sealed class Signals
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
