using System.Collections.Concurrent;
using System.Text.Json;

namespace SalesBrain.Tests.Documentation;

/// <summary>
/// Checks JSON against the schemas of the description, as far as they use JSON Schema. Stricter in one thing: what an object has beyond
/// its documented members is a problem too.
/// </summary>
internal sealed class DocumentedSchema(JsonElement description)
{
    /// <summary>By reference. The description has hundreds of schemas, and JSON finds a member by reading all before it.</summary>
    private readonly ConcurrentDictionary<string, JsonElement> _resolved = new(StringComparer.Ordinal);

    /// <summary>What the value of a <c>$ref</c> points to.</summary>
    internal JsonElement Resolve(JsonElement reference) =>
        _resolved.GetOrAdd(reference.GetString()!, pointer => description.At(pointer[2..].Replace('/', ' ')));

    /// <summary>Everything about the value that the schema does not allow, each with its place.</summary>
    internal IReadOnlyList<string> Problems(JsonElement value, JsonElement schema) => Check(value, schema, "$", isWhole: true).ToList();

    private IEnumerable<string> Check(JsonElement value, JsonElement schema, string at, bool isWhole)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Check(value, Resolve(reference), at, isWhole);
        }
        if (schema.TryGetProperty("anyOf", out var any) || schema.TryGetProperty("oneOf", out any))
        {
            var tried = any.EnumerateArray().Select(one => Check(value, one, at, isWhole).ToList()).ToList();
            return tried.Any(problems => problems.Count == 0) ? [] : tried.MinBy(problems => problems.Count)!;
        }
        var all = schema.TryGetProperty("allOf", out var parts)
            ? parts.EnumerateArray().SelectMany(part => Check(value, part, at, isWhole: false))
            : [];
        return all.Concat(TypeProblems(value, schema, at)).Concat(value.ValueKind switch
        {
            JsonValueKind.Object => ObjectProblems(value, schema, at, isWhole),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) =>
                value.EnumerateArray().SelectMany((item, i) => Check(item, items, $"{at}[{i}]", isWhole: true)),
            _ => [],
        });
    }

    private static IEnumerable<string> TypeProblems(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            var allowed = type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(one => one.GetString()!).ToList()
                : [type.GetString()!];
            if (!allowed.Any(one => IsOf(value, one)))
            {
                yield return $"{at} is {value.GetRawText()}, not {string.Join(" or ", allowed)}";
                yield break;
            }
        }
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
        {
            yield return $"{at} is {value.GetRawText()}, not one of {words.GetRawText()}";
        }
        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("format", out var format) && !IsIn(value, format.GetString()!))
        {
            yield return $"{at} is {value.GetRawText()}, not a {format}";
        }
    }

    private List<string> ObjectProblems(JsonElement value, JsonElement schema, string at, bool isWhole)
    {
        var problems = new List<string>();
        if (schema.TryGetProperty("required", out var required))
        {
            problems.AddRange(required.EnumerateArray()
                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{at}.{name} is missing"));
        }
        var hasMembers = schema.TryGetProperty("properties", out var members);
        var hasEntries = schema.TryGetProperty("additionalProperties", out var entries) && entries.ValueKind == JsonValueKind.Object
            && entries.EnumerateObject().Any();
        if (!hasMembers && !hasEntries)
        {
            // Any object: its names may be anything, also what cannot be read as text.
            return problems;
        }
        foreach (var member in value.EnumerateObject())
        {
            var place = $"{at}.{member.Name}";
            if (hasMembers && members.TryGetProperty(member.Name, out var documented))
            {
                problems.AddRange(Check(member.Value, documented, place, isWhole: true));
            }
            else if (hasEntries)
            {
                problems.AddRange(Check(member.Value, entries, place, isWhole: true));
            }
            else if (hasMembers && isWhole)
            {
                problems.Add($"{place} is not documented");
            }
        }
        return problems;
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => false,
    };

    private static bool IsIn(JsonElement value, string format) => format switch
    {
        "uuid" => value.TryGetGuid(out _),
        "date-time" => value.TryGetDateTime(out _),
        "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out _),
        _ => true,
    };
}
