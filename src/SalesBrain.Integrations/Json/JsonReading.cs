using System.Text.Json;

namespace SalesBrain.Integrations.Json;

/// <summary>Reads members that may be missing, null or of another kind.</summary>
internal static class JsonReading
{
    /// <summary>An object's member; null if it is not there or is JSON's null.</summary>
    internal static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null
            ? member
            : null;

    internal static JsonElement? Member(this JsonElement? json, string name) => json?.Member(name);

    /// <summary>A text, number or boolean as text; null if it is anything else.</summary>
    internal static string? AsText(this JsonElement? json) => json?.ValueKind switch
    {
        JsonValueKind.String => TextOf(json.Value),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => json.Value.GetRawText(),
        _ => null,
    };

    internal static string? Text(this JsonElement json, string name) => json.Member(name).AsText();

    internal static string? Text(this JsonElement? json, string name) => json.Member(name).AsText();

    internal static bool? Bool(this JsonElement json, string name) => json.Member(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    internal static long? Number(this JsonElement json, string name) => json.Member(name).AsNumber();

    internal static long? AsNumber(this JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(TextOf(text), out var value) => value,
        _ => null,
    };

    /// <summary>An array's items; none if it is no array.</summary>
    internal static IEnumerable<JsonElement> Items(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The array that a vendor's response must have.</summary>
    /// <exception cref="SourceException"><c>schema</c>.</exception>
    internal static JsonElement ArrayOrThrow(this JsonElement? json, string source) =>
        json is { ValueKind: JsonValueKind.Array } array
            ? array
            : throw new SourceException(SourceErrors.Schema, $"The response of {source} has an unexpected form.");

    /// <summary>A string with a lone surrogate is no text.</summary>
    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
