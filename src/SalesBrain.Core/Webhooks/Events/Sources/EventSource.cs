using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Where events come from. The rows are in <see cref="EventSources"/>.</summary>
public sealed class EventSource
{
    private readonly SourceMapping mapping;

    internal EventSource(string name, string label, bool receives, SourceMapping mapping)
    {
        Name = name;
        Label = label;
        Receives = receives;
        this.mapping = mapping;
    }

    /// <summary>As stored and as in the receiving URL.</summary>
    public string Name { get; }

    /// <summary>Display name.</summary>
    public string Label { get; }

    /// <summary>Whether it delivers over HTTP, so that endpoints can be made for it; the others only write.</summary>
    public bool Receives { get; }

    /// <summary>Normalises one payload. Never throws: a value that isn't an object is an event of the type <c>unknown</c>.</summary>
    public WebhookEvent Read(JsonElement payload) => EventReader.Read(Name, mapping, payload);
}
