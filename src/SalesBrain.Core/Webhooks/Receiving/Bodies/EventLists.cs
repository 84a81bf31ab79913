using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>Finds the list of events in an object that is not an event itself.</summary>
internal static class EventLists
{
    /// <summary>Most wrappers around a list.</summary>
    private const int MaxWrappers = 4;

    /// <summary>An object with one of these is an event, whatever lists it holds.</summary>
    private static readonly string[] TypeNames = ["event_type", "eventType", "event", "type", "event_name", "eventName"];

    private static readonly string[] ListNames = ["events", "body", "json", "payload", "data"];
    private static readonly string[] WrapperNames = ["body", "json", "payload", "data", "event"];

    /// <summary>
    /// The array <c>events</c>, in the object or in its wrappers, or a wrapper that is an array itself. All elements are objects.
    /// </summary>
    public static JsonElement? Find(JsonElement json) => Find(json, MaxWrappers);

    private static JsonElement? Find(JsonElement json, int wrappers)
    {
        if (TypeNames.Any(name => Member(json, name).ValueKind == JsonValueKind.String))
        {
            return null;
        }
        foreach (var name in ListNames)
        {
            if (Member(json, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
                && list.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Object))
            {
                return list;
            }
        }
        foreach (var name in wrappers > 0 ? WrapperNames : [])
        {
            if (Member(json, name) is { ValueKind: JsonValueKind.Object } wrapper && Find(wrapper, wrappers - 1) is { } list)
            {
                return list;
            }
        }
        return null;
    }

    /// <summary>
    /// The member, undefined if there is none. Compares the bytes: reading a name with half a surrogate pair in it throws.
    /// </summary>
    private static JsonElement Member(JsonElement json, string name)
    {
        var found = default(JsonElement);
        foreach (var property in json.EnumerateObject())
        {
            if (Ascii.Equals(JsonMarshal.GetRawUtf8PropertyName(property), name))
            {
                found = property.Value;
            }
        }
        return found;
    }
}
