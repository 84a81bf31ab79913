using System.Text.Json;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// The known fields of one payload, in this order: what an endpoint's own paths lead to; the members of the event; those of the objects
/// nested in it; those of the wrappers it was opened out of. Never throws.
/// </summary>
internal sealed class EventFields
{
    /// <summary>Most objects that are looked into.</summary>
    private const int MaxLevels = 16;

    /// <summary>Most wrappers around an event.</summary>
    private const int MaxWrappers = 4;

    /// <summary>An address can have a name and a query beside it.</summary>
    private const int LongestEmailText = 1000;

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = 64 };

    private readonly SourceMapping mapping;
    private readonly ReadingSettings? settings;

    /// <summary>The event, and the objects it was opened out of, the innermost first.</summary>
    private readonly List<JsonElement> own = [];

    /// <summary>Their known members.</summary>
    private readonly List<JsonElement[]> ownLevels = [];

    /// <summary>Theirs and those of the objects nested in them.</summary>
    private readonly List<JsonElement[]> levels = [];

    public EventFields(SourceMapping mapping, ReadingSettings? settings, JsonElement payload)
    {
        this.mapping = mapping;
        this.settings = settings;
        if (!TryOpen(payload, MaxWrappers))
        {
            Add(payload);
        }
        foreach (var level in ownLevels)
        {
            AddWithNested(level);
            if (!mapping.ReadsWrappers)
            {
                break;
            }
        }
    }

    public EventFields(SourceMapping mapping, JsonElement payload)
        : this(mapping, null, payload)
    {
    }

    /// <summary>The type as sent, and the type it names.</summary>
    public (string? Raw, EventType? Type) EventType()
    {
        if (AtPath(EventField.EventType, EventLimits.EventType, PayloadText.Cut) is { } text)
        {
            return (text, TypeOf(text));
        }
        return TypeIn(ownLevels[0]);
    }

    /// <summary>The first text, cut at the limit.</summary>
    public string? Text(EventField field, int limit) => First(field, limit, PayloadText.Cut);

    /// <summary>The first text that is not longer than the limit.</summary>
    public string? Whole(EventField field, int limit) => First(field, limit, PayloadText.Whole);

    /// <summary>As <see cref="Whole"/>, outside nested objects only.</summary>
    public string? OwnWhole(EventField field, int limit) => First(ownLevels, field, limit, PayloadText.Whole);

    /// <summary>The first absolute http or https address, also as the first of several.</summary>
    public string? Link(EventField field) => First(field, EventLimits.Url, static (value, limit) =>
        PayloadText.Whole(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value, limit) is { } text && IsHttp(text)
            ? text
            : null);

    /// <summary>The first web address, with or without http. Other schemes are refused, because a link could run a script.</summary>
    public string? Website(EventField field) => First(field, EventLimits.Url, static (value, limit) =>
        PayloadText.Whole(value, limit) is { } text && (IsHttp(text) || text.IndexOf(':') is var colon && (colon < 0 || text.AsSpan(0, colon).Contains('.')))
            ? text
            : null);

    /// <summary>The first whole number.</summary>
    public int? Integer(EventField field) => First(levels, field, PayloadText.Integer);

    /// <summary>The first amount.</summary>
    public decimal? Amount(EventField field) =>
        First(levels, field, static value => DealAmounts.Read(PayloadText.Whole(value, EventLimits.Amount)));

    /// <summary>The first true or false.</summary>
    public bool? Boolean(EventField field) => First(levels, field, PayloadText.Boolean);

    /// <summary>The first time, outside nested objects only.</summary>
    public DateTime? Time(EventField field)
    {
        for (var i = own.Count - 1; settings is not null && i >= 0; i--)
        {
            if (EventTimestamps.Read(settings.ValueOf(field, own[i])) is { } time)
            {
                return time;
            }
        }
        return First(ownLevels, field, EventTimestamps.Read);
    }

    /// <summary>The first text with a deliverable e-mail address; where there is none, the first text that should have been one.</summary>
    public (EmailAddress? Valid, string? Invalid) Email(EventField field)
    {
        string? invalid = null;
        foreach (var value in Values(field))
        {
            if (PayloadText.Whole(value, LongestEmailText) is { } text && Emails.Clean(text) is { } email)
            {
                return (email, null);
            }
            invalid ??= PayloadText.Cut(value, Emails.MaxLength);
        }
        return (null, invalid);
    }

    /// <summary>The first object.</summary>
    public JsonElement? FirstObject(EventField field)
    {
        foreach (var value in Values(field))
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                return value;
            }
        }
        return null;
    }

    private static bool IsHttp(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the object with an event type in the payload or in its wrappers. Adds it and then what is around it.</summary>
    private bool TryOpen(JsonElement payload, int wrappers)
    {
        var picked = mapping.Pick(payload);
        if (TypeIn(picked).Raw is not null)
        {
            Add(payload, picked);
            return true;
        }
        foreach (var slot in wrappers > 0 ? mapping.Slots(EventField.Envelope) : [])
        {
            if (ObjectOf(picked[slot]) is { } inner && TryOpen(inner, wrappers - 1))
            {
                Add(payload, picked);
                return true;
            }
        }
        return false;
    }

    private void Add(JsonElement json, JsonElement[]? picked = null)
    {
        own.Add(json);
        ownLevels.Add(picked ?? mapping.Pick(json));
    }

    private void AddWithNested(JsonElement[] level)
    {
        var next = levels.Count;
        for (levels.Add(level); next < levels.Count; next++)
        {
            foreach (var slot in mapping.Slots(EventField.Nested))
            {
                if (levels[next][slot].ValueKind == JsonValueKind.Object && levels.Count < MaxLevels)
                {
                    levels.Add(mapping.Pick(levels[next][slot]));
                }
            }
        }
    }

    /// <summary>An object, also one that was written as a text.</summary>
    private static JsonElement? ObjectOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            try
            {
                using var document = JsonDocument.Parse(value.GetString()!, Parsing);
                value = document.RootElement.Clone();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // A text, or one with half a surrogate pair.
                return null;
            }
        }
        return value.ValueKind == JsonValueKind.Object ? value : null;
    }

    private EventType? TypeOf(string text) => settings?.TypeOf(text) ?? mapping.TypeOf(text);

    private (string? Raw, EventType? Type) TypeIn(JsonElement[] level)
    {
        string? unknown = null;
        foreach (var slot in mapping.Slots(EventField.EventType))
        {
            if (PayloadText.Cut(level[slot], EventLimits.EventType) is { } text)
            {
                if (TypeOf(text) is { } type)
                {
                    return (text, type);
                }
                unknown ??= text;
            }
        }
        foreach (var slot in mapping.Slots(EventField.KnownEventType))
        {
            if (PayloadText.Cut(level[slot], EventLimits.EventType) is { } text && TypeOf(text) is { } type)
            {
                return (text, type);
            }
        }
        return (unknown, null);
    }

    private string? AtPath(EventField field, int limit, Func<JsonElement, int, string?> read)
    {
        for (var i = own.Count - 1; settings is not null && i >= 0; i--)
        {
            if (read(settings.ValueOf(field, own[i]), limit) is { } text)
            {
                return text;
            }
        }
        return null;
    }

    /// <summary>All values of a field, in order of preference.</summary>
    private IEnumerable<JsonElement> Values(EventField field)
    {
        for (var i = own.Count - 1; settings is not null && i >= 0; i--)
        {
            yield return settings.ValueOf(field, own[i]);
        }
        foreach (var level in levels)
        {
            for (var i = 0; i < mapping.Slots(field).Length; i++)
            {
                yield return level[mapping.Slots(field)[i]];
            }
        }
    }

    private string? First(EventField field, int limit, Func<JsonElement, int, string?> read) =>
        AtPath(field, limit, read) ?? First(levels, field, limit, read);

    private string? First(List<JsonElement[]> searched, EventField field, int limit, Func<JsonElement, int, string?> read)
    {
        foreach (var level in searched)
        {
            foreach (var slot in mapping.Slots(field))
            {
                if (read(level[slot], limit) is { } text)
                {
                    return text;
                }
            }
        }
        return null;
    }

    private T? First<T>(List<JsonElement[]> searched, EventField field, Func<JsonElement, T?> read)
        where T : struct
    {
        foreach (var level in searched)
        {
            foreach (var slot in mapping.Slots(field))
            {
                if (read(level[slot]) is { } result)
                {
                    return result;
                }
            }
        }
        return null;
    }
}
