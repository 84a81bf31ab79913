using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Live;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Something that changed. It says what to read again, not what is there now: ids, status and counters only.
/// </summary>
public sealed record LiveEvent
{
    /// <summary>The position behind this event: send it as <c>after</c> to continue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    public required LiveChannel Channel { get; init; }

    /// <summary>
    /// What happened: <c>created</c>, <c>updated</c>, <c>deleted</c>, or <c>moved</c> out of your agency, client or assignments.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>What it happened to, such as <c>lead</c> or <c>campaign</c>.</summary>
    public required string Entity { get; init; }

    /// <summary>Null if it happened to several; <c>data</c> then has their number.</summary>
    public Guid? EntityId { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The campaign that it is about.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>Status, ids and counters, depending on the channel.</summary>
    public JsonElement Data { get; init; }

    /// <summary>When it happened.</summary>
    public DateTime At { get; init; }
}

/// <summary>An event as all clients of this instance that may see it get it. Written once for all of them.</summary>
internal sealed class ToldEvent(LiveChange change, LiveChannel channel, LivePosition position, LiveCursor cursor, LiveCursorCodes codes)
{
    private string? _id;
    private byte[]? _snake;
    private byte[]? _camel;

    /// <summary>What decides who sees it.</summary>
    internal LiveChange Change => change;

    internal LiveChannel Channel => channel;

    /// <summary>Its place among the events of its kind (<see cref="LiveChannels.IsCoalesced"/>).</summary>
    internal LivePosition Position => position;

    /// <summary>What a client that got it has been told.</summary>
    internal LiveCursor Cursor => cursor;

    /// <summary>The cursor as text.</summary>
    internal string Id => _id ??= codes.Write(cursor);

    /// <summary>As in responses.</summary>
    internal LiveEvent Body => new()
    {
        Channel = channel,
        Kind = change.Kind,
        Entity = change.Entity,
        EntityId = change.EntityId,
        OrganizationId = change.OrganizationId,
        CampaignId = change.CampaignId,
        Data = JsonElement.Parse(change.Data),
        At = change.At,
    };

    /// <summary>As in a stream.</summary>
    internal byte[] FrameFor(JsonSerializerOptions json) =>
        json == JsonResponse.Camel ? _camel ??= ToFrame(json) : _snake ??= ToFrame(json);

    private byte[] ToFrame(JsonSerializerOptions json) =>
        Encoding.UTF8.GetBytes(ServerSentEvents.Frame(Id, change.Channel, JsonSerializer.Serialize(Body, json)));
}
