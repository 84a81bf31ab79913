using System.Text.Json;

namespace SalesBrain.Core.Values;

/// <summary>A condition on a custom field: its value is one of these.</summary>
public sealed record CustomFieldFilter(string Name, IReadOnlyList<string> Values)
{
    /// <summary>What the names of the query parameters begin with: <c>custom.size=50</c>.</summary>
    public const string Prefix = "custom.";

    /// <summary>Most different names in a request, and most names that an organization can allow.</summary>
    public const int MostNames = 10;

    /// <summary>Most characters of a name.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Most characters of a value.</summary>
    public const int MaxValueLength = 1000;

    /// <summary>Most values of one name.</summary>
    public const int MostValues = 20;

    /// <summary>
    /// The JSON objects of which a match contains one. A query parameter is a text, and the field may hold a text, a number or a boolean:
    /// <c>5</c> is also the number 5, and <c>true</c> the boolean.
    /// </summary>
    public IEnumerable<string> Alternatives()
    {
        foreach (var value in Values)
        {
            yield return ObjectOf(JsonSerializer.Serialize(value));
            if (value is "true" or "false" || IsNumber(value))
            {
                yield return ObjectOf(value);
            }
        }
    }

    private string ObjectOf(string value) => $"{{{JsonSerializer.Serialize(Name)}:{value}}}";

    /// <summary>Whether the text is a JSON number of a usual size.</summary>
    private static bool IsNumber(string text)
    {
        if (text.Length is 0 or > 40 || !(char.IsAsciiDigit(text[0]) || text[0] == '-'))
        {
            return false;
        }
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
