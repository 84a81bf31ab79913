using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Compares a response with the part of it that a test is about.</summary>
public static class JsonFragments
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>
    /// Asserts that the JSON value has all members of the expected one, with equal values, and names each member that differs. Other
    /// members do not matter. Arrays must have the same length; an expected empty object must be empty. The expected value is an object
    /// such as <c>new { Status = "active" }</c>, whose names become snake_case, or a JSON text.
    /// </summary>
    public static void AssertIncludes(this JsonElement actual, object expected)
    {
        var fragment = expected is string json
            ? JsonSerializer.Deserialize<JsonElement>(json)
            : JsonSerializer.SerializeToElement(expected, Snake);
        var differences = Differences("$", fragment, actual).ToList();
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    private static IEnumerable<string> Differences(string path, JsonElement expected, JsonElement actual)
    {
        // Without members an object would match every other one; it falls through to the comparison of whole values.
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object && expected.EnumerateObject().Any())
        {
            return expected.EnumerateObject().SelectMany(member => actual.TryGetProperty(member.Name, out var value)
                ? Differences($"{path}.{member.Name}", member.Value, value)
                : [$"{path}.{member.Name}: expected {member.Value.GetRawText()}, but the member is missing"]);
        }
        if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array
            && expected.GetArrayLength() == actual.GetArrayLength())
        {
            return expected.EnumerateArray().Zip(actual.EnumerateArray())
                .SelectMany((pair, i) => Differences($"{path}[{i}]", pair.First, pair.Second));
        }
        return JsonElement.DeepEquals(expected, actual) ? [] : [$"{path}: expected {expected.GetRawText()}, actual {actual.GetRawText()}"];
    }
}
