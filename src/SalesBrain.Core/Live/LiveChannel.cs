namespace SalesBrain.Core.Live;

/// <summary>
/// The catalogue of channels: what a client can listen to. The wire name of a channel is what triggers write into
/// <c>app.live_event.channel</c>. A new channel is a line here and a file with its triggers; docs/live.md says how.
/// </summary>
public enum LiveChannel
{
    /// <summary>Who has which campaigns and contacts.</summary>
    [Tells(LiveDelivery.Each, AboutCampaigns = true)] AssignmentChange = 1,

    /// <summary>The counters of a campaign, at most once per campaign and second.</summary>
    [Tells(LiveDelivery.LatestCounters, AboutCampaigns = true)] CampaignMetricsUpdate,

    /// <summary>Conversations that began, changed, moved to another user, or were erased.</summary>
    [Tells(LiveDelivery.Each)] ConversationChange,

    /// <summary>Messages of conversations, and how far they got.</summary>
    [Tells(LiveDelivery.Each)] ConversationMessage,

    /// <summary>Data sources of imports.</summary>
    [Tells(LiveDelivery.Each)] DataSourceChange,

    /// <summary>The status and the progress of import jobs.</summary>
    [Tells(LiveDelivery.Each, AboutJobs = true)] JobStatusChange,

    /// <summary>Leads that were created, changed, moved or deleted.</summary>
    [Tells(LiveDelivery.Each, AboutCampaigns = true)] LeadChange,

    /// <summary>The user's own new notifications.</summary>
    [Tells(LiveDelivery.Each)] NewNotification,

    /// <summary>How many webhook logs changed, by status, at most once per organization and second.</summary>
    [Tells(LiveDelivery.Sum)] WebhookLogChange,
}

/// <summary>How the events of a channel are told.</summary>
public enum LiveDelivery
{
    /// <summary>Each event.</summary>
    Each = 1,

    /// <summary>At most one event a second for each campaign, with the counters that the campaign has then.</summary>
    LatestCounters,

    /// <summary>At most one event a second for each organization, whose numbers are added up.</summary>
    Sum,
}

/// <summary>What holds for all events of a channel.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class TellsAttribute(LiveDelivery delivery) : Attribute
{
    public LiveDelivery Delivery { get; } = delivery;

    /// <summary>A client that names a campaign hears only of that one.</summary>
    public bool AboutCampaigns { get; init; }

    /// <summary>A client that names an import job hears only of that one.</summary>
    public bool AboutJobs { get; init; }
}
