using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Tells the caller what changes: as a stream of server-sent events, or as the response to a request that waits for something to happen.
/// </summary>
public sealed class StreamEvents(
    RequestPipeline pipeline, LiveFeed feed, SessionGuard sessions, SalesBrainDatabase database, LiveCursorCodes codes,
    IOptions<LiveOptions> options, TimeProvider clock)
{
    [Function(nameof(StreamEvents))]
    [Operation("Live updates", "Listen to changes", TimeLimitSeconds = 230, Description =
        "With Accept: text/event-stream the response is a stream of server-sent events: id is the cursor behind the event, event the "
        + "channel, and data the event as JSON. It ends after 200 seconds; continue with the last id, as after or in the header "
        + "Last-Event-ID. The event resync means that events may be missing because the cursor is older than three days: read again what "
        + "you show; its data has the cursor to continue with. Otherwise the response comes as soon as something happens, or after wait "
        + "seconds; continue with next_after. Events say what to read again: ids, status and counters. Callers hear only of what they can "
        + "see. EventSource in a browser sends no headers: it needs a ticket.")]
    [Anyone("every signed-in user, with an access token or a ticket", MayBeSignedIn = true)]
    [Returns(200, typeof(LiveEventPage))]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/event-stream")]
    [Problems("unauthorized", "too_many_streams", "streams_full")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/events")] HttpRequest request) =>
        pipeline.RunAsync<StreamEvents, StreamEventsRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var cursor = ReadCursor(request, input, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            var isStream = ServerSentEvents.AreWantedBy(request);
            var (caller, ticketChannels) = input.Ticket is { } ticket
                ? await RedeemAsync(ticket, call)
                : (await call.FindCallerAsync(), null);
            // A stream lives longer than the result of an earlier check is trusted.
            if (caller is null
                || (isStream && ticketChannels is null && !await sessions.HoldsAsync(caller, fresh: true, call.CancellationToken)))
            {
                return Problems.Unauthorized;
            }
            caller.CheckOrganization(input.OrganizationId, errors);
            var channels = ChannelsOf(input, ticketChannels, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            var listener = feed.TryOpen(new(caller, channels, input.OrganizationId, input.CampaignId, input.JobId), out var full);
            if (listener is null)
            {
                return full!;
            }
            var isHandedOn = false;
            try
            {
                var isComplete = await listener.StartAsync(cursor, call.CancellationToken);
                isHandedOn = isStream;
                return isStream
                    ? new EventStreamResult(listener, !isComplete, codes, clock)
                    : ApiResults.Ok(await WaitAsync(listener, isComplete, TimeSpan.FromSeconds(input.Wait), call.CancellationToken));
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
        });

    private async Task<LiveEventPage> WaitAsync(LiveListener listener, bool isComplete, TimeSpan wait, CancellationToken cancellationToken)
    {
        IReadOnlyList<ToldEvent> events = [];
        try
        {
            events = isComplete
                ? await listener.NextAsync(wait < options.Value.LongestWait ? wait : options.Value.LongestWait, cancellationToken)
                : [];
        }
        catch (OperationCanceledException) when (listener.Cut.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Too far behind what is in memory: the next request continues.
        }
        return new LiveEventPage
        {
            Events = [.. events.Select(told => told.Body with { Id = told.Id })],
            NextAfter = events.Count > 0 ? events[^1].Id : codes.Write(listener.Through),
            Resync = !isComplete,
        };
    }

    private async Task<(Caller? Caller, LiveChannel[]? Channels)> RedeemAsync(string ticket, Call call)
    {
        var redeemed = await StreamTickets.RedeemAsync(database.AutoCommitPlatform(), ticket, call.Now, call.CancellationToken);
        return redeemed is not null && Roles.TryParse(redeemed.Role, out var role)
            ? (new(redeemed.UserId, role, redeemed.OrganizationId, redeemed.AgencyId, redeemed.ClientId, redeemed.SessionId),
                [.. LiveChannels.All.Where(channel => redeemed.Channels.Contains(channel.ToWireName()))])
            : (null, null);
    }

    private LiveCursor? ReadCursor(HttpRequest request, StreamEventsRequest input, InputErrors errors)
    {
        // A browser that reconnects repeats the URL, and names in the header how far it came.
        var (name, text) = ServerSentEvents.LastEventIdOf(request) is { } last ? ("Last-Event-ID", last) : ("after", input.After);
        if (text is null)
        {
            return null;
        }
        if (!codes.TryRead(text, out var cursor))
        {
            errors.Add(name, "is not a cursor of live updates; start again without it");
        }
        return cursor;
    }

    private static HashSet<LiveChannel> ChannelsOf(StreamEventsRequest input, LiveChannel[]? ofTicket, InputErrors errors)
    {
        if (ofTicket is not null && input.Channels.Except(ofTicket).Any())
        {
            errors.Add("channels", "must be among the channels of the ticket");
        }
        return input.Channels is { Length: > 0 } named ? [.. named] : ofTicket is not null ? [.. ofTicket] : [.. LiveChannels.All];
    }
}

public sealed record StreamEventsRequest
{
    /// <summary>The channels to listen to; repeatable. Default: those of the ticket, otherwise all.</summary>
    [Length(0, 20)]
    public LiveChannel[] Channels { get; init; } = [];

    /// <summary>The id of the last event, or <c>next_after</c>: continues behind it. Default: only what happens from now on.</summary>
    [StringLength(LiveCursor.MaxTextLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? After { get; init; }

    /// <summary>Of leads, counters and assignments, only those of this campaign.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>Of import jobs, only this one.</summary>
    public Guid? JobId { get; init; }

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>A ticket in place of an access token. It works once.</summary>
    [StringLength(OpaqueTokens.MaxLength)]
    public string? Ticket { get; init; }

    /// <summary>Seconds to wait for something to happen. Of no concern to streams.</summary>
    [Range(0, 25)]
    public int Wait { get; init; } = 25;
}

/// <summary>What happened since <c>after</c>.</summary>
public sealed record LiveEventPage
{
    /// <summary>In order. Empty if nothing happened.</summary>
    public required IReadOnlyList<LiveEvent> Events { get; init; }

    /// <summary>Send it as <c>after</c> to continue.</summary>
    public required string NextAfter { get; init; }

    /// <summary>True if events may be missing, because the cursor is older than three days: read again what you show.</summary>
    public required bool Resync { get; init; }
}
