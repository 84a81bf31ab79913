using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Integrations.Json;

/// <summary>
/// A path to one value: <c>data.items</c>, <c>phones[0].number</c>, <c>["first name"]</c>, optionally after <c>$</c>. The empty path and
/// <c>$</c> are the whole document. No wildcards and no filters.
/// </summary>
internal sealed class JsonPath
{
    internal const int MaxLength = 200;
    private const int MaxSteps = 20;

    /// <summary>What a path must be, as a validation message.</summary>
    internal const string Rule = "must be a path such as data.items or phones[0].number";

    /// <summary>A member's name, or an index.</summary>
    private readonly List<(string? Name, int Index)> _steps;

    private JsonPath(List<(string?, int)> steps) => _steps = steps;

    internal static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path)
    {
        path = null;
        var steps = new List<(string?, int)>();
        var i = text.StartsWith('$') ? 1 : 0;
        if (text.Length > MaxLength)
        {
            return false;
        }
        while (i < text.Length)
        {
            if (text[i] == '[')
            {
                var step = i + 1 < text.Length && text[i + 1] is '"' or '\'' ? Quoted(text, ref i) : Index(text, ref i);
                if (step is null)
                {
                    return false;
                }
                steps.Add(step.Value);
                continue;
            }
            if (text[i] == '.' && (i > 0 || steps.Count > 0))
            {
                i++;
            }
            else if (i > 0)
            {
                return false;
            }
            var end = text.AsSpan(i).IndexOfAny('.', '[');
            var name = end < 0 ? text[i..] : text.Substring(i, end);
            if (name.Length == 0)
            {
                return false;
            }
            steps.Add((name, 0));
            i += name.Length;
        }
        if (steps.Count > MaxSteps)
        {
            return false;
        }
        path = new JsonPath(steps);
        return true;
    }

    internal static JsonPath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException("The text is not a path.");

    /// <summary>The value; null if it is not there or is JSON's null.</summary>
    internal JsonElement? Find(JsonElement json)
    {
        foreach (var (name, index) in _steps)
        {
            if (name is not null && json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member))
            {
                json = member;
            }
            else if (name is null && json.ValueKind == JsonValueKind.Array && index < json.GetArrayLength())
            {
                json = json[index];
            }
            else
            {
                return null;
            }
        }
        return json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : json;
    }

    private static (string?, int)? Index(string text, ref int i)
    {
        var end = text.IndexOf(']', i);
        if (end < 0 || !int.TryParse(text.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }
        i = end + 1;
        return (null, index);
    }

    private static (string?, int)? Quoted(string text, ref int i)
    {
        var (quote, name) = (text[i + 1], new StringBuilder());
        for (var at = i + 2; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                name.Append(text[++at]);
            }
            else if (text[at] != quote)
            {
                name.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == ']')
            {
                i = at + 2;
                return (name.ToString(), 0);
            }
            else
            {
                return null;
            }
        }
        return null;
    }
}
