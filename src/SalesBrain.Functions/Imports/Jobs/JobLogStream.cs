using System.Text.Json;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Live;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>
/// The log of a job as a stream: each line an event with its number as id, then the event <c>done</c>. Live updates say when there is
/// something new to read, so that a stream asks the database only then.
/// </summary>
internal sealed class JobLogStream(
    LiveListener listener, DatabaseSession session, Guid jobId, ImportJobLogQuery query, ImportJobLogPage first, TimeProvider clock) : IResult
{
    /// <summary>For lines that are written without a change of the job.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var open = listener;
        await using var cut = listener.Cut.UnsafeRegister(context => ((HttpContext)context!).Abort(), httpContext);
        var stream = await ServerSentEvents.BeginAsync(httpContext);
        var json = JsonResponse.OptionsFor(httpContext.Request);
        var (page, started, written) = (first, clock.GetTimestamp(), clock.GetTimestamp());
        while (true)
        {
            if (page.Logs.Count > 0)
            {
                await stream.WriteAsync(string.Concat(
                    page.Logs.Select(line => ServerSentEvents.Frame($"{line.Seq}", "log", JsonSerializer.Serialize(line, json)))));
                written = clock.GetTimestamp();
            }
            if (page.Done)
            {
                await stream.WriteAsync(ServerSentEvents.Frame(null, "done", JsonSerializer.Serialize(new { page.Status }, json)));
                return;
            }
            if (page.Logs.Count < query.Limit)
            {
                await listener.NextAsync(LookAgain, httpContext.RequestAborted);
            }
            if (listener.Ended.IsCancellationRequested || clock.GetElapsedTime(started) >= ServerSentEvents.Lifetime)
            {
                return;
            }
            if (clock.GetElapsedTime(written) >= ServerSentEvents.Heartbeat)
            {
                await stream.CommentAsync();
                written = clock.GetTimestamp();
            }
            if (await ImportJobLogs.ReadAsync(session, jobId, query with { After = page.NextAfter }, httpContext.RequestAborted) is not { } next)
            {
                return;
            }
            page = next;
        }
    }
}
