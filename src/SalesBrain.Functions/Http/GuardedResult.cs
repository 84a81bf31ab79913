using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Writes an answer; a failure while writing becomes a problem if nothing has been sent yet, else the connection is cut, so that
/// half an answer is never taken for a whole one.
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
            // The caller has gone.
        }
    }
}
