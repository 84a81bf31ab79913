namespace SalesBrain.Core.Live;

/// <summary>
/// A channel of live updates: what a client can listen to. A new channel is a line in <see cref="LiveChannels.All"/> and a file with the triggers
/// that write its events; docs/live.md says how.
/// </summary>
/// <param name="Name">As in requests and responses, and in <c>app.live_event.channel</c>.</param>
/// <param name="Delivery">How its events are told.</param>
public sealed record LiveChannel(string Name, LiveDelivery Delivery)
{
    /// <summary>Whether a client that names a campaign hears only of that one.</summary>
    public bool IsAboutCampaigns { get; init; }

    /// <summary>Whether a client that names an import job hears only of that one.</summary>
    public bool IsAboutJobs { get; init; }
}

/// <summary>How the events of a channel are told.</summary>
public enum LiveDelivery
{
    /// <summary>Each event.</summary>
    Each,

    /// <summary>At most one event a second for each entity: the last one, with the counters that the campaign has then.</summary>
    LatestCounters,

    /// <summary>At most one event a second for each organization, whose numbers are added up.</summary>
    Sum,
}
