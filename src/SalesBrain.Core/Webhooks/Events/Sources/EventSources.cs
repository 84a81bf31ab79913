using System.Collections.Frozen;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>The one table of event sources.</summary>
public static class EventSources
{
    public static readonly EventSource Instantly = new("instantly", "Instantly", receives: true, InstantlyMapping.Mapping);
    public static readonly EventSource WeConnect = new("weconnect", "We-Connect", receives: true, WeConnectMapping.Mapping);
    public static readonly EventSource N8n = new("n8n", "n8n", receives: true, N8nMapping.Mapping);
    public static readonly EventSource Zapier = new("zapier", "Zapier", receives: true, ZapierMapping.Mapping);
    public static readonly EventSource Make = new("make", "Make", receives: true, MakeMapping.Mapping);
    public static readonly EventSource Custom = new("custom", "Custom", receives: true, CustomMapping.Mapping);

    /// <summary>Meta, which delivers for all organizations at one URL. Core/Whatsapp/Receiving reads its events, not a mapping.</summary>
    public static readonly EventSource Whatsapp = new("whatsapp", "WhatsApp", receives: false, CustomMapping.Mapping);

    /// <summary>An operator who enters an event.</summary>
    public static readonly EventSource Manual = new("manual", "Entered by hand", receives: false, CustomMapping.Mapping);

    /// <summary>SalesBrain itself.</summary>
    public static readonly EventSource System = new("system", "SalesBrain", receives: false, CustomMapping.Mapping);

    /// <summary>Every source, in the order of a drop-down.</summary>
    public static IReadOnlyList<EventSource> All { get; } = [Instantly, WeConnect, N8n, Zapier, Make, Custom, Whatsapp, Manual, System];

    private static readonly FrozenDictionary<string, EventSource> ByName = All.ToFrozenDictionary(
        source => source.Name, StringComparer.Ordinal);

    /// <summary>The source with this name, or null.</summary>
    public static EventSource? Find(string? name) => name is not null && ByName.TryGetValue(name, out var source) ? source : null;
}
