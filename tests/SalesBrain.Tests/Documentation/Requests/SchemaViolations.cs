using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>A value that is wrong, what is wrong with it, and whether it must be refused. Some wrong values are read generously.</summary>
internal sealed record Violation(string Kind, JsonNode? Value, bool MustBeRefused = true);

/// <summary>Values that a schema does not allow, one for each of its keywords, and values that are odd for any schema.</summary>
internal static class SchemaViolations
{
    /// <summary>Stands for half a surrogate pair, which a serializer would not write.</summary>
    internal const string LoneSurrogate = "lone-surrogate";

    private static readonly string[] Unlikely =
        ["  ", "!", "ä ö", "25:00", "0m", "31d", "-x", "ftp://example.com", "nobody", "no such value", "{timestamp}"];

    internal static IEnumerable<Violation> Of(JsonElement schema, SchemaValues values)
    {
        schema = values.Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var alternatives))
        {
            schema = values.Resolve(alternatives[0]);
        }
        var types = SchemaValues.TypesOf(schema).ToHashSet(StringComparer.Ordinal);
        // A null for a member that a request may leave out can mean the same as leaving it out.
        yield return new("null", null, MustBeRefused: false);
        foreach (var (type, value) in new (string, JsonNode)[] { ("string", "text"), ("integer", 1), ("boolean", true), ("array", new JsonArray()), ("object", new JsonObject()) })
        {
            if (types.Count > 0 && !types.Contains(type) && !(type == "integer" && types.Contains("number")))
            {
                yield return new($"{type} instead of {string.Join(" or ", types)}", value);
            }
        }
        foreach (var violation in types.Contains("string") ? OfText(schema) : types.Contains("integer") ? OfInteger(schema) : types.Contains("number") ? OfDecimal(schema) : types.Contains("array") ? OfArray(schema, values) : [])
        {
            yield return violation;
        }
        if (types.Contains("object") && schema.TryGetProperty("properties", out _))
        {
            yield return new("unknown nested member", new JsonObject { ["no_such_member"] = 1 });
        }
    }

    private static IEnumerable<Violation> OfText(JsonElement schema)
    {
        yield return new("NUL", "a\0b");
        yield return new("half a surrogate pair", LoneSurrogate);
        yield return new("empty", "", MustBeRefused: SchemaValues.Number(schema, "minLength") > 0);
        yield return new("invisible characters", "a\u200B\u202E\uFEFFb", MustBeRefused: false);
        if (schema.TryGetProperty("enum", out _) || schema.TryGetProperty("const", out _))
        {
            yield return new("not in the enumeration", "no_such_value");
            yield break;
        }
        if (SchemaValues.Number(schema, "maxLength") is { } most)
        {
            yield return new("too long", new string('x', most + 1));
        }
        if (SchemaValues.Number(schema, "minLength") is { } least and > 1)
        {
            yield return new("too short", new string('x', least - 1));
        }
        if (schema.TryGetProperty("format", out var format) && format.GetString() is "uuid" or "date" or "date-time" or "email" or "uri")
        {
            foreach (var text in new[] { "x y", "2026-13-01", "2026-02-30T00:00:00Z", "0000-00-00", "1e3", "@", "javascript:alert(1)" })
            {
                yield return new($"not a {format}", text);
            }
        }
        else if (schema.TryGetProperty("pattern", out var pattern))
        {
            foreach (var text in Unlikely.Where(text => !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))))
            {
                yield return new("not of the pattern", text);
            }
        }
    }

    private static IEnumerable<Violation> OfInteger(JsonElement schema)
    {
        foreach (var number in new[] { "1.5", "99999999999999999999", "1e400", "-1e-400", "2147483648" })
        {
            yield return new("not a small whole number", JsonNode.Parse(number));
        }
        if (SchemaValues.Number(schema, "minimum") is { } least)
        {
            yield return new("below the minimum", least - 1L);
        }
        if (SchemaValues.Number(schema, "maximum") is { } most)
        {
            yield return new("above the maximum", most + 1L);
        }
    }

    private static IEnumerable<Violation> OfDecimal(JsonElement schema)
    {
        yield return new("a number in quotes", "1.5");
        yield return new("far too large", JsonNode.Parse("1e400"));
        yield return new("below the minimum", schema.GetProperty("minimum").GetDecimal() - 0.01m);
        yield return new("above the maximum", schema.GetProperty("maximum").GetDecimal() + 0.01m);
    }

    private static IEnumerable<Violation> OfArray(JsonElement schema, SchemaValues values)
    {
        var items = schema.GetProperty("items");
        if (SchemaValues.Number(schema, "minItems") > 0)
        {
            yield return new("no items", new JsonArray());
        }
        if (SchemaValues.Number(schema, "maxItems") is { } most)
        {
            yield return new("too many items", new JsonArray([.. Enumerable.Range(0, most + 1).Select(_ => values.Any("", items))]));
        }
        if (schema.TryGetProperty("uniqueItems", out _))
        {
            yield return new("the same item twice", new JsonArray(values.AllOf("", items).First(), values.AllOf("", items).First()));
        }
        yield return new("null as an item", new JsonArray((JsonNode?)null));
        foreach (var wrong in Of(items, values).Where(wrong => wrong.Value is not null))
        {
            yield return wrong with { Kind = "item: " + wrong.Kind, Value = new JsonArray(wrong.Value) };
        }
    }
}
