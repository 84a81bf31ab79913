using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Core.Values;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Functions.Live;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Returns the log of an import job, line by line, to callers who can see the job.</summary>
public sealed class ListJobLogs(RequestPipeline pipeline, LiveFeed feed, SessionGuard sessions, TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    [Function(nameof(ListJobLogs))]
    [Operation("Import jobs", "Read the log of an import job", TimeLimitSeconds = 230, Description =
        "Oldest lines first. Send next_after as after to read on: lines are numbered without gaps, so nothing is missed. With wait, the "
        + "response comes as soon as there is a new line, the job ends, or the time is over. With Accept: text/event-stream the lines come "
        + "as server-sent events (log, with the number as id) until the job ends (done) or 200 seconds are over; 204 if it has ended and "
        + "there are no more. Logs are kept for 90 days, at most 50,000 lines of a job.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(ImportJobLogPage))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/event-stream")]
    [Returns(204)]
    [Problems("not_found", "too_many_streams", "streams_full")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/jobs/{jobId:guid}/logs")] HttpRequest request, Guid jobId) =>
        pipeline.RunAsync<ListJobLogs, ListJobLogsRequest>(request, async (call, input) =>
        {
            var query = new ImportJobLogQuery(input.After, Levels(input.Level), input.Search, input.Limit);
            if (ServerSentEvents.AreWantedBy(request))
            {
                return await StreamAsync(call, jobId, query);
            }
            var started = clock.GetTimestamp();
            while (true)
            {
                if (await ImportJobLogs.ReadAsync(call.Read(), jobId, query, call.CancellationToken) is not { } page)
                {
                    return Problems.NotFound;
                }
                if (page.Logs.Count > 0 || page.Done || clock.GetElapsedTime(started) >= TimeSpan.FromSeconds(input.Wait))
                {
                    return ApiResults.Ok(page);
                }
                // What was searched through need not be searched again.
                query = query with { After = page.NextAfter };
                await Task.Delay(LookAgain, clock, call.CancellationToken);
            }
        });

    private async Task<IResult> StreamAsync(Call call, Guid jobId, ImportJobLogQuery query)
    {
        if (ServerSentEvents.LastEventIdOf(call.Request) is { } last)
        {
            if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            {
                return Problems.InvalidMember("Last-Event-ID", "must be the number of a line");
            }
            query = query with { After = after };
        }
        // A stream lives longer than the result of an earlier check is trusted.
        if (!await sessions.HoldsAsync(call.Caller, fresh: true, call.CancellationToken))
        {
            return Problems.Unauthorized;
        }
        var listener = feed.TryOpen(
            new(call.Caller, new HashSet<LiveChannel> { LiveChannel.JobStatusChange }, OrganizationId: null, CampaignId: null, jobId),
            out var full);
        if (listener is null)
        {
            return full!;
        }
        var isHandedOn = false;
        try
        {
            // Before the first reading, so that no later line is missed.
            await listener.StartAsync(cursor: null, call.CancellationToken);
            var first = await ImportJobLogs.ReadAsync(call.Read(), jobId, query, call.CancellationToken);
            isHandedOn = first is { Done: false } or { Logs.Count: > 0 };
            return first is null ? Problems.NotFound
                : isHandedOn ? new JobLogStream(listener, call.Read(), jobId, query, first, clock)
                : Results.NoContent();
        }
        catch (TimeoutException)
        {
            return Problems.DatabaseUnavailable;
        }
        finally
        {
            if (!isHandedOn)
            {
                listener.Dispose();
            }
        }
    }

    private static IReadOnlyList<string> Levels(ImportLogLevel? least) =>
        least is null or ImportLogLevel.Debug
            ? []
            : [.. Enum.GetValues<ImportLogLevel>().Where(level => level >= least).Select(level => level.ToWireName())];
}

public sealed record ListJobLogsRequest
{
    /// <summary>Only lines with a larger number: the <c>next_after</c> of the response before.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "must be 0 or more")]
    public int After { get; init; }

    /// <summary>This level and above. Default: all.</summary>
    public ImportLogLevel? Level { get; init; }

    /// <summary>Part of the message.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    /// <summary>Maximum number of lines.</summary>
    [Range(1, 1000)]
    public int Limit { get; init; } = 200;

    /// <summary>How many seconds to wait for a new line if there is none.</summary>
    [Range(0, 20)]
    public int Wait { get; init; }
}

/// <summary>How important a line of a log is, the least first.</summary>
public enum ImportLogLevel
{
    Debug = 1,
    Info,
    Warning,
    Error,
}
