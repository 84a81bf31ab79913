using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Live;
using SalesBrain.Core.Values;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Live;

/// <summary>Gives the caller a ticket with which a browser opens a stream of live updates, because EventSource sends no headers.</summary>
public sealed class CreateStreamTicket(RequestPipeline pipeline, SalesBrainDatabase database)
{
    [Function(nameof(CreateStreamTicket))]
    [Operation("Live updates", "Get a ticket for a stream", BodyOptional = true, Description =
        "The ticket opens one stream of the named channels within 60 seconds: GET /api/v1/events?ticket=…. For each connection, get a new one.")]
    [SignedIn]
    [Returns(201, typeof(StreamTicket))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/events/ticket")] HttpRequest request) =>
        pipeline.RunAsync<CreateStreamTicket, CreateStreamTicketRequest>(request, async (call, input) =>
        {
            var channels = input.Channels is { Length: > 0 } named ? named.Distinct() : LiveChannels.All;
            // As the platform: a ticket is looked up before its organization is known. Whose it is comes from the access token.
            var ticket = await StreamTickets.IssueAsync(
                database.AutoCommitPlatform(), call.Caller.OrganizationId, call.Caller.UserId, call.Caller.SessionId,
                [.. channels.Select(channel => channel.ToWireName())], call.Now, call.CancellationToken);
            return ApiResults.Created(
                $"/api/v1/events?ticket={ticket}", new StreamTicket(ticket, (call.Now + StreamTickets.Lifetime).UtcDateTime));
        });
}

public sealed record CreateStreamTicketRequest
{
    /// <summary>The channels that the stream can have. Default: all.</summary>
    [Length(0, 20)]
    public LiveChannel[] Channels { get; init; } = [];
}

/// <summary>A ticket for one stream.</summary>
public sealed record StreamTicket(string Ticket, DateTime ExpiresAt);
