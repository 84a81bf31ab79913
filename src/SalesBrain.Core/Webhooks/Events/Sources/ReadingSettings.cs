using System.Collections.Frozen;
using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>An endpoint's own rules for reading events, which come before those of its source.</summary>
public sealed class ReadingSettings
{
    /// <summary>Most aliases of an endpoint.</summary>
    public const int MaxAliases = 100;

    /// <summary>The fields that a path can be set for, by their names in the API.</summary>
    internal static readonly FrozenDictionary<string, EventField> Fields = new[]
    {
        EventField.EventType, EventField.Timestamp, EventField.Email, EventField.FirstName, EventField.LastName, EventField.CompanyName,
        EventField.CampaignId, EventField.CampaignName,
    }.ToFrozenDictionary(field => WireNames.Of(field.ToString()), StringComparer.Ordinal);

    private readonly FrozenDictionary<string, EventType> typesByKey;
    private readonly FrozenDictionary<EventField, JsonPointer> pathsByField;

    private ReadingSettings(FrozenDictionary<string, EventType> types, FrozenDictionary<EventField, JsonPointer> paths)
    {
        typesByKey = types;
        pathsByField = paths;
    }

    /// <summary>The settings as they are stored. Null if there are none. Entries that are not valid (any more) are left out.</summary>
    public static ReadingSettings? Of(JsonElement? typeAliases, JsonElement? fieldPaths)
    {
        var types = Members(typeAliases)
            .Select(member => (Key: EventSpellings.KeyOf(member.Name), Type: EventTypes.Find(member.Value)))
            .Where(alias => alias.Type is not null)
            .DistinctBy(alias => alias.Key)
            .ToFrozenDictionary(alias => alias.Key, alias => alias.Type!, StringComparer.Ordinal);
        var paths = Members(fieldPaths)
            .Where(member => Fields.ContainsKey(member.Name))
            .Select(member => (Field: Fields[member.Name], Path: JsonPointer.Parse(member.Value)))
            .Where(path => path.Path is not null)
            .ToFrozenDictionary(path => path.Field, path => path.Path!);
        return types.Count + paths.Count == 0 ? null : new(types, paths);
    }

    /// <summary>What is wrong with aliases, by member; empty if nothing is.</summary>
    public static IEnumerable<(string? Alias, string Message)> ProblemsOf(JsonElement typeAliases)
    {
        var members = typeAliases.EnumerateObject().ToList();
        if (members.Count > MaxAliases)
        {
            yield return (null, $"must have at most {MaxAliases} members");
            yield break;
        }
        var types = string.Join(", ", EventTypes.All.Select(type => type.Name));
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (member.Name.Length is 0 or > EventLimits.EventType || EventSpellings.KeyOf(member.Name).Length == 0)
            {
                yield return (member.Name, $"must be named as the sender names the type, with 1 to {EventLimits.EventType} characters");
            }
            else if (!keys.Add(EventSpellings.KeyOf(member.Name)))
            {
                yield return (member.Name, "is given more than once, in another spelling");
            }
            if (member.Value.ValueKind != JsonValueKind.String || EventTypes.Find(member.Value.GetString()) is null)
            {
                yield return (member.Name, "must be one of " + types);
            }
        }
    }

    /// <summary>The type that the endpoint's own table gives a name, or null. Spelling makes no difference, as with all types.</summary>
    internal EventType? TypeOf(string name) =>
        typesByKey.Count > 0 && typesByKey.TryGetValue(EventSpellings.KeyOf(name), out var type) ? type : null;

    /// <summary>The value at the path of a field; undefined if there is no path, or nothing at it.</summary>
    internal JsonElement ValueOf(EventField field, JsonElement payload) =>
        pathsByField.TryGetValue(field, out var path) ? path.Find(payload) : default;

    private static IEnumerable<(string Name, string Value)> Members(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject()
                .Where(member => member.Value.ValueKind == JsonValueKind.String)
                .Select(member => (member.Name, member.Value.GetString()!))
            : [];
}
