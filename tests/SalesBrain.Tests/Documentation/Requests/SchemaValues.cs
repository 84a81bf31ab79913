using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>
/// Values that a schema allows: typical ones, and those at its bounds. Names lead to what is there, such as the id of a campaign.
/// </summary>
internal sealed class SchemaValues(JsonElement description, Random random, RequestWorld world)
{
    /// <summary>Texts from which those are taken that a schema allows. One must be for each pattern.</summary>
    private static readonly string[] Texts =
    [
        "Some text", "Zoë Müller-Łukasz", "北京 товар ελλάδα", "a'b\"c\\d <e> & 100 % _", "Europe/Berlin", "UTC", "09:30", "23:59", "24:00",
        "90m", "2h", "30d", "1m", "43200m", "me", "none", "X-Test-Header", "sha256=", "{timestamp}.{body}", "printable secret 42",
        "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5", "https://example.com/a?b=c", "HTTP://EXAMPLE.COM", "example.com", "slug",
        "slug_1-2", "102290129340398", "/data/0/email", "AAAA", "2026-01-31", "2026-01-31T09:30:00Z", "2026-01-31T23:30:15.123456+05:30",
    ];

    /// <summary>Most of them for one member.</summary>
    private const int MostTexts = 5;

    private int _count;

    /// <summary>The schema behind a reference.</summary>
    internal JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? description.At(reference.GetString()![2..].Replace('/', ' ')) : schema;

    /// <summary>An object with its required members, or with all of them.</summary>
    internal JsonObject Object(JsonElement schema, bool isFull)
    {
        var result = new JsonObject();
        var required = Required(schema);
        foreach (var member in Members(schema).Where(member => isFull || required.Contains(member.Name)))
        {
            result.Add(member.Name, Any(member.Name, member.Value));
        }
        return result;
    }

    internal static HashSet<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];

    internal static IEnumerable<JsonProperty> Members(JsonElement schema) =>
        schema.TryGetProperty("properties", out var members) ? members.EnumerateObject() : [];

    /// <summary>One of the values of <see cref="AllOf"/>.</summary>
    internal JsonNode? Any(string name, JsonElement schema)
    {
        var values = AllOf(name, schema).Where(value => value is not null).ToList();
        return values[random.Next(values.Count)];
    }

    /// <summary>Values of every kind that the schema allows, and those at its bounds.</summary>
    internal IEnumerable<JsonNode?> AllOf(string name, JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var alternatives))
        {
            return alternatives.EnumerateArray().SelectMany(one => AllOf(name, one));
        }
        if (schema.TryGetProperty("const", out var only))
        {
            return [JsonNode.Parse(only.GetRawText())];
        }
        if (schema.TryGetProperty("enum", out var words))
        {
            return words.EnumerateArray().Select(word => JsonNode.Parse(word.GetRawText()));
        }
        var types = TypesOf(schema).ToList();
        if (types.Count == 0)
        {
            return Objects(schema);
        }
        return types.SelectMany(type => type switch
        {
            "null" => [null],
            "boolean" => [true, false],
            "integer" => Integers(schema),
            "number" => Decimals(schema),
            "string" => Strings(name, schema),
            "array" => Arrays(name, schema),
            "object" => Objects(schema),
            _ => throw new NotSupportedException(type),
        });
    }

    internal static IEnumerable<string> TypesOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!)
        : [type.GetString()!];

    internal static int? Number(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var number) ? number.GetInt32() : null;

    private IEnumerable<JsonNode?> Integers(JsonElement schema)
    {
        var (least, most) = (Number(schema, "minimum") ?? 0, Number(schema, "maximum") ?? int.MaxValue);
        return [least, most, random.Next(least, most)];
    }

    /// <summary>Amounts: the least, the most, and some between them.</summary>
    private static IEnumerable<JsonNode?> Decimals(JsonElement schema) =>
        [schema.GetProperty("minimum").GetDecimal(), schema.GetProperty("maximum").GetDecimal(), 0.07m, 1234.5m];

    private IEnumerable<JsonNode?> Strings(string name, JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var named) ? named.GetString() : null;
        switch (format)
        {
            case "uuid":
                return [world.Find(name) ?? Guid.NewGuid().ToString()];
            case "date":
                return ["2026-01-31", "2000-02-29"];
            case "date-time":
                return ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00.123456Z", "2026-01-31T23:30:00+05:30"];
            case "email":
                // Another one each time: addresses are unique.
                return [$"new.{++_count}.{random.Next()}@example.com", $"Éva+{++_count}.{random.Next()}@Sub.Example.COM"];
        }
        var (least, most) = (Number(schema, "minLength") ?? 0, Number(schema, "maxLength"));
        var pattern = schema.TryGetProperty("pattern", out var expression)
            ? new Regex(expression.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))
            : null;
        bool IsAllowed(string text) => text.Length >= least && text.Length <= (most ?? int.MaxValue) && pattern?.IsMatch(text) != false;
        string?[] ofName = [world.Find(name), .. name == "event_type" ? (string[])["email.replied", "email.sent", "lead.closed"] : [], $"unique-{++_count}-{random.Next()}"];
        var typical = Texts.Where(IsAllowed).ToArray();
        random.Shuffle(typical);
        var allowed = ofName.OfType<string>().Concat([new('x', least), new('x', most ?? 300)]).Where(IsAllowed)
            .Concat(typical.Take(MostTexts)).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(allowed.Count > 0, $"No text is known that {schema.GetRawText()} allows: add one to {nameof(Texts)}.");
        return allowed.Select(text => (JsonNode?)text);
    }

    private IEnumerable<JsonNode?> Arrays(string name, JsonElement schema)
    {
        var (least, most) = (Number(schema, "minItems") ?? 0, Number(schema, "maxItems") ?? 500);
        foreach (var count in new[] { least, 1, 2, Math.Min(most, 20) }.Where(count => count >= least && count <= most).Distinct())
        {
            var items = Enumerable.Range(0, count).Select(_ => Any(name, schema.GetProperty("items")));
            var isSet = schema.TryGetProperty("uniqueItems", out var unique) && unique.GetBoolean();
            yield return new JsonArray([.. isSet ? items.DistinctBy(item => item!.ToJsonString()) : items]);
        }
    }

    private IEnumerable<JsonNode?> Objects(JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out _))
        {
            // Free JSON.
            return [new JsonObject(), JsonNode.Parse("""{"a": 1.5, "Ünï code": ["😀", null, true, {"b": {"c": -1e20}}], "": "", "d": 12345678901234567890}""")];
        }
        return [Object(schema, isFull: false), Object(schema, isFull: true)];
    }

    /// <summary>A value as a query string writes it.</summary>
    internal static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue number when number.TryGetValue<long>(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        _ => value.ToJsonString(),
    };
}
