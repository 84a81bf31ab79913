using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// The names of each <see cref="EventField"/> in one source's payloads, the preferred name first. A name can stand for several fields: its
/// value's type decides. Names must match exactly, because a custom variable can have any name, even <c>event_type_</c>. Of duplicate
/// members the last one counts.
/// </summary>
internal sealed class SourceMapping
{
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> slots;
    private readonly int[][] fieldSlots = new int[Enum.GetValues<EventField>().Length][];
    private readonly int count;
    private readonly int longest;

    public SourceMapping(params (EventField Field, string[] Names)[] fields)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        Array.Fill(fieldSlots, []);
        foreach (var (field, spellings) in fields)
        {
            fieldSlots[(int)field] =
                [.. spellings.Select(spelling => names.TryGetValue(spelling, out var slot) ? slot : names[spelling] = names.Count)];
        }
        slots = names.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        count = names.Count;
        longest = names.Keys.Max(name => name.Length);
    }

    /// <summary>The event type that a text names, or null.</summary>
    public Func<string, EventType?> TypeOf { get; init; } = EventTypes.FromSpelling;

    /// <summary>
    /// Whether a text that is no known event type is a label of the workspace's own. Decides with the text, and whether the payload
    /// names a lead.
    /// </summary>
    public Func<string, bool, bool> IsLabel { get; init; } = (_, _) => false;

    /// <summary>The label that a wire name of <c>lead.label</c> stands for, or null.</summary>
    public Func<string, string?> LabelOf { get; init; } = _ => null;

    /// <summary>Whether an amount without a currency beside it may be anything.</summary>
    public bool AmountsNeedCurrency { get; init; }

    /// <summary>Whether the fields of an event that was opened out of a wrapper may also stand in the wrapper.</summary>
    public bool ReadsWrappers => fieldSlots[(int)EventField.Nested].Length > 0;

    /// <summary>The values of an object's known members, by slot, in one pass over it.</summary>
    public JsonElement[] Pick(JsonElement payload)
    {
        var values = new JsonElement[count];
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return values;
        }
        Span<char> buffer = stackalloc char[longest];
        foreach (var property in payload.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            if (raw.Contains((byte)'\\'))
            {
                if (PayloadText.Name(raw, longest) is { } name && slots.TryGetValue(name, out var escaped))
                {
                    values[escaped] = property.Value;
                }
            }
            else if (raw.Length <= longest && slots.TryGetValue(buffer[..Encoding.UTF8.GetChars(raw, buffer)], out var slot))
            {
                values[slot] = property.Value;
            }
        }
        return values;
    }

    /// <summary>The slots of <see cref="Pick"/>'s answer that can hold a field, in order of preference.</summary>
    public ReadOnlySpan<int> Slots(EventField field) => fieldSlots[(int)field];
}
