using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Audit;

/// <summary>
/// What an audit entry says about a row: its members by the names of the API. Members that are <see cref="NotAuditedAttribute"/> or not
/// part of the row's JSON never appear.
/// </summary>
public sealed record AuditedChanges
{
    private static readonly JsonSerializerOptions Json = CreateOptions();

    private AuditedChanges(Dictionary<string, JsonElement?>? before, Dictionary<string, JsonElement?>? after)
    {
        Before = before;
        After = after;
    }

    /// <summary>Null for a row that was created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement?>? Before { get; }

    /// <summary>Null for a row that was deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement?>? After { get; }

    /// <summary>Whether no audited member differs.</summary>
    [JsonIgnore]
    public bool AreEmpty => Before is not { Count: > 0 } && After is not { Count: > 0 };

    /// <summary>The members of a new row that have a value.</summary>
    public static AuditedChanges Created<T>(T row) => new(null, MembersOf(row));

    /// <summary>The members of a deleted row that had a value.</summary>
    public static AuditedChanges Deleted<T>(T row) => new(MembersOf(row), null);

    /// <summary>The members that differ.</summary>
    public static AuditedChanges Between<T>(T before, T after)
    {
        var (old, changed) = (MembersOf(before), MembersOf(after));
        var names = old.Keys.Union(changed.Keys, StringComparer.Ordinal)
            .Where(name => !AreEqual(old.GetValueOrDefault(name), changed.GetValueOrDefault(name))).ToList();
        return new(Only(old, names), Only(changed, names));
    }

    // Not as nodes: those throw where an object names a member twice, as a caller's own JSON may.
    private static Dictionary<string, JsonElement?> MembersOf<T>(T row) =>
        JsonSerializer.SerializeToElement(row, Json).EnumerateObject()
            .ToDictionary(member => member.Name, member => (JsonElement?)member.Value, StringComparer.Ordinal);

    private static bool AreEqual(JsonElement? one, JsonElement? other) =>
        (one, other) is ({ } left, { } right) ? JsonElement.DeepEquals(left, right) : IsNull(one) && IsNull(other);

    private static bool IsNull(JsonElement? value) => value is not { ValueKind: not JsonValueKind.Null };

    private static Dictionary<string, JsonElement?> Only(Dictionary<string, JsonElement?> members, List<string> names) =>
        names.ToDictionary(name => name, name => members.GetValueOrDefault(name), StringComparer.Ordinal);

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // A row from before the limit can be changed and deleted like any other.
            MaxDepth = FreeJson.StoredDepth,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(NotAuditedAttribute), inherit: true) == true)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }
}

/// <summary>A member that audit entries leave out: nobody sets it, or it belongs to another row.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAuditedAttribute : Attribute;
