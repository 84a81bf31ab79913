using System.Collections.Frozen;

namespace SalesBrain.Core.Live;

/// <summary>The catalogue of channels.</summary>
public static class LiveChannels
{
    /// <summary>Every channel, by name.</summary>
    public static IReadOnlyList<LiveChannel> All { get; } =
    [
        new("assignment_change", LiveDelivery.Each) { IsAboutCampaigns = true },
        new("campaign_metrics_update", LiveDelivery.LatestCounters) { IsAboutCampaigns = true },
        new("lead_change", LiveDelivery.Each) { IsAboutCampaigns = true },
        new("new_notification", LiveDelivery.Each),
        new("webhook_log_change", LiveDelivery.Sum),
    ];

    private static readonly FrozenDictionary<string, LiveChannel> ByName = All.ToFrozenDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>The names of the channels that tell at most once a second.</summary>
    public static IReadOnlyList<string> Coalesced { get; } = [.. All.Where(channel => channel.Delivery != LiveDelivery.Each).Select(channel => channel.Name)];

    /// <summary>Null for a name that is no channel.</summary>
    public static LiveChannel? Find(string name) => ByName.GetValueOrDefault(name);
}
