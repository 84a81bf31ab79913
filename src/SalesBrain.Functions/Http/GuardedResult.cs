using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Writes a response. An error while writing becomes a problem if nothing has been sent yet. Otherwise the connection is aborted, so that a
/// client never takes a partial response for a complete one.
/// </summary>
internal sealed class GuardedResult(IResult answer, ILogger log) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await answer.ExecuteAsync(httpContext);
        }
        catch (Exception e) when (!httpContext.RequestAborted.IsCancellationRequested)
        {
            log.LogError(e, "The response could not be written");
            if (httpContext.Response.HasStarted)
            {
                httpContext.Abort();
                return;
            }
            httpContext.Response.Clear();
            await (DatabaseProblems.Of(e) ?? Problems.Internal).ExecuteAsync(httpContext);
        }
        catch (OperationCanceledException)
        {
            // The client has disconnected.
        }
    }
}
