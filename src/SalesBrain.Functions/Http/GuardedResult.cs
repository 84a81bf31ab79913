using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Writes a response within the request's time, to a client that keeps up. An error while writing becomes a problem if nothing has been
/// sent yet. Otherwise the connection is aborted, so that a client never takes a partial response for a complete one.
/// </summary>
internal sealed class GuardedResult(
    IResult answer, RequestLimit limit, ResponseOptions options, TimeProvider clock, Func<IDisposable?> beginScope, ILogger log) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var scope = beginScope();
        using var time = limit;
        var (plain, clientGone) = (httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), httpContext.RequestAborted);
        await using var body = new PacedBody(plain.Stream, options, clock, limit.Token);
        httpContext.Response.Body = body;
        // Whatever writes the response stops with it.
        httpContext.RequestAborted = body.Cut;
        Exception? failure = null;
        try
        {
            await answer.ExecuteAsync(httpContext);
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            httpContext.RequestAborted = clientGone;
            httpContext.Features.Set(plain);
        }
        // A client that was too slow looks like one that has disconnected: the server has already aborted the connection.
        if (failure is not null && (body.IsTooSlow || !clientGone.IsCancellationRequested || failure is not OperationCanceledException))
        {
            await EndAsync(httpContext, body, failure);
        }
    }

    private async Task EndAsync(HttpContext httpContext, PacedBody body, Exception failure)
    {
        var isCut = body.Cut.IsCancellationRequested;
        if (isCut)
        {
            log.LogWarning(
                "The response was cut off: {Reason}", body.IsTooSlow ? "the client read too slowly" : "the request reached its time limit");
        }
        else
        {
            log.LogError(failure, "The response could not be written");
        }
        if (httpContext.Response.HasStarted)
        {
            httpContext.Abort();
            return;
        }
        SecurityHeaders.StartOver(httpContext.Response);
        await (isCut ? Problems.TimedOut : DatabaseProblems.Of(failure) ?? Problems.Internal).ExecuteAsync(httpContext);
    }
}
