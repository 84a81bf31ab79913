using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Where events come from. The rows are in <see cref="EventSources"/>.</summary>
public sealed class EventSource
{
    private readonly SourceMapping mapping;
    private readonly ReadingSettings? settings;

    internal EventSource(string name, string label, bool receives, SourceMapping mapping, ReadingSettings? settings = null)
    {
        Name = name;
        Label = label;
        Receives = receives;
        this.mapping = mapping;
        this.settings = settings;
    }

    /// <summary>As stored and as in the receiving URL.</summary>
    public string Name { get; }

    /// <summary>Display name.</summary>
    public string Label { get; }

    /// <summary>Whether it delivers over HTTP, so that endpoints can be made for it; the others only write.</summary>
    public bool Receives { get; }

    /// <summary>The same source, reading events by an endpoint's own settings first.</summary>
    public EventSource With(ReadingSettings? reading) => new(Name, Label, Receives, mapping, reading);

    /// <summary>Normalises one payload. Never throws: a value that isn't an object is an event of the type <c>unknown</c>.</summary>
    public WebhookEvent Read(JsonElement payload) => EventReader.Read(Name, mapping, settings, payload);

    /// <summary>The type that an event with this name has, or null.</summary>
    public EventType? TypeOf(string name) => settings?.TypeOf(name) ?? mapping.TypeOf(name);
}
