using System.Text.Json.Nodes;
using SalesBrain.Core.Live;
using SalesBrain.Data.Live;

namespace SalesBrain.Functions.Live;

/// <summary>
/// Collects the changes of channels that tell at most once a second: of each campaign the last one, and of each organization the sum.
/// </summary>
internal sealed class Coalescing
{
    private readonly Dictionary<(LiveChannel Channel, Guid OrganizationId, Guid? EntityId), LiveChange> _last = [];

    internal bool Any => _last.Count > 0;

    /// <summary>The campaigns whose counters are told.</summary>
    internal IReadOnlyCollection<CampaignKey> Campaigns =>
        [.. _last.Keys.Where(key => key.Channel.About().Delivery == LiveDelivery.LatestCounters).Select(key => new CampaignKey(key.OrganizationId, key.EntityId!.Value))];

    internal void Add(LiveChannel channel, LiveChange change)
    {
        var isSum = channel.About().Delivery == LiveDelivery.Sum;
        var key = (channel, change.OrganizationId, isSum ? null : change.EntityId);
        _last[key] = isSum && _last.TryGetValue(key, out var earlier)
            ? change with { Data = Add(earlier.Data, change.Data), Kind = earlier.Kind == change.Kind ? change.Kind : "updated" }
            : change;
    }

    /// <summary>Takes everything out, in the order of the last change of each.</summary>
    internal List<LiveChange> Take(IEnumerable<CampaignCounters> counters)
    {
        var current = counters.ToDictionary(campaign => campaign.Key, campaign => campaign.Counters);
        var taken = _last
            .Select(pair => pair.Key.Channel.About().Delivery != LiveDelivery.LatestCounters ? pair.Value
                // Without counters the campaign is gone.
                : pair.Value with { Data = current.GetValueOrDefault(new(pair.Key.OrganizationId, pair.Key.EntityId!.Value), "{}") })
            .OrderBy(change => change.Position)
            .ToList();
        _last.Clear();
        return taken;
    }

    internal void Clear() => _last.Clear();

    private static string Add(string left, string right)
    {
        var sum = (JsonObject)JsonNode.Parse(left)!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(right)!)
        {
            sum[name] = (sum[name]?.GetValue<long>() ?? 0) + value!.GetValue<long>();
        }
        return sum.ToJsonString();
    }
}
