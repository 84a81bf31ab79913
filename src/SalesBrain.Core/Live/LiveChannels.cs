using System.Collections.Frozen;
using System.Reflection;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Live;

/// <summary>Looks up channels.</summary>
public static class LiveChannels
{
    private static readonly FrozenDictionary<LiveChannel, TellsAttribute> Table = Enum.GetValues<LiveChannel>().ToFrozenDictionary(
        channel => channel, channel => typeof(LiveChannel).GetField(channel.ToString())!.GetCustomAttribute<TellsAttribute>()!);

    /// <summary>Every channel, in the order of the catalogue.</summary>
    public static IReadOnlyList<LiveChannel> All { get; } = Enum.GetValues<LiveChannel>();

    /// <summary>How the channel's events are told, and what they are about.</summary>
    public static TellsAttribute About(this LiveChannel channel) => Table[channel];

    /// <summary>Whether the channel tells at most once a second.</summary>
    public static bool IsCoalesced(this LiveChannel channel) => channel.About().Delivery != LiveDelivery.Each;

    /// <summary>The channel that a change belongs to; null if this build does not know it.</summary>
    public static LiveChannel? Of(LiveChange change) => WireNames.TryParse<LiveChannel>(change.Channel, out var channel) ? channel : null;
}
