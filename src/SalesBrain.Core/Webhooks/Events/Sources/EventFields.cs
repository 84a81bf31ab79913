using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>The known fields of one payload: its own members first, then those of the objects nested in it. Never throws.</summary>
internal sealed class EventFields
{
    /// <summary>Objects nested in one another are looked into this often; the payload's own members are the first.</summary>
    private const int MaxLevels = 8;

    /// <summary>An address can have a name and a query beside it.</summary>
    private const int LongestEmailText = 1000;

    private readonly SourceMapping mapping;
    private readonly List<JsonElement[]> levels;

    public EventFields(SourceMapping mapping, JsonElement payload)
    {
        this.mapping = mapping;
        levels = [mapping.Pick(payload)];
        if (OwnText(EventField.EventType, EventLimits.EventType) is null && FirstObject(EventField.Envelope) is { } envelope)
        {
            levels[0] = mapping.Pick(envelope);
        }
        for (var i = 0; i < levels.Count; i++)
        {
            foreach (var value in mapping.Values(levels[i], EventField.Nested))
            {
                if (value.ValueKind == JsonValueKind.Object && levels.Count < MaxLevels)
                {
                    levels.Add(mapping.Pick(value));
                }
            }
        }
    }

    /// <summary>The first text, cut at the limit.</summary>
    public string? Text(EventField field, int limit) => First(field, limit, levels.Count, PayloadText.Cut);

    /// <summary>As <see cref="Text"/>, outside the nested objects only.</summary>
    public string? OwnText(EventField field, int limit) => First(field, limit, 1, PayloadText.Cut);

    /// <summary>The first text that is not longer than the limit.</summary>
    public string? Whole(EventField field, int limit) => First(field, limit, levels.Count, PayloadText.Whole);

    /// <summary>The first absolute http or https address.</summary>
    public string? Link(EventField field) => First(field, EventLimits.Url, levels.Count, static (value, limit) =>
        PayloadText.Whole(value, limit) is { } text && IsHttp(text) ? text : null);

    /// <summary>The first web address, with or without http. Other schemes are refused, because a link could run a script.</summary>
    public string? Website(EventField field) => First(field, EventLimits.Url, levels.Count, static (value, limit) =>
        PayloadText.Whole(value, limit) is { } text && (IsHttp(text) || text.IndexOf(':') is var colon && (colon < 0 || text.AsSpan(0, colon).Contains('.')))
            ? text
            : null);

    /// <summary>The first whole number.</summary>
    public int? Integer(EventField field) => First(field, PayloadText.Integer);

    /// <summary>The first true or false.</summary>
    public bool? Boolean(EventField field) => First(field, PayloadText.Boolean);

    /// <summary>The first of its own values that <paramref name="read"/> makes something of.</summary>
    public T? Own<T>(EventField field, Func<JsonElement, T?> read)
        where T : struct
    {
        foreach (var value in mapping.Values(levels[0], field))
        {
            if (read(value) is { } result)
            {
                return result;
            }
        }
        return null;
    }

    /// <summary>The first text with a deliverable e-mail address; where there is none, the first text that should have been one.</summary>
    public (EmailAddress? Valid, string? Invalid) Email(EventField field)
    {
        string? invalid = null;
        foreach (var level in levels)
        {
            foreach (var value in mapping.Values(level, field))
            {
                if (PayloadText.Whole(value, LongestEmailText) is { } text && Emails.Clean(text) is { } email)
                {
                    return (email, null);
                }
                invalid ??= PayloadText.Cut(value, Emails.MaxLength);
            }
        }
        return (null, invalid);
    }

    /// <summary>The first object.</summary>
    public JsonElement? FirstObject(EventField field)
    {
        foreach (var level in levels)
        {
            foreach (var value in mapping.Values(level, field))
            {
                if (value.ValueKind == JsonValueKind.Object)
                {
                    return value;
                }
            }
        }
        return null;
    }

    private static bool IsHttp(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private string? First(EventField field, int limit, int depth, Func<JsonElement, int, string?> read)
    {
        for (var i = 0; i < depth; i++)
        {
            foreach (var value in mapping.Values(levels[i], field))
            {
                if (read(value, limit) is { } text)
                {
                    return text;
                }
            }
        }
        return null;
    }

    private T? First<T>(EventField field, Func<JsonElement, T?> read)
        where T : struct
    {
        foreach (var level in levels)
        {
            foreach (var value in mapping.Values(level, field))
            {
                if (read(value) is { } result)
                {
                    return result;
                }
            }
        }
        return null;
    }
}
