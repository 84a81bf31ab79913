using System.Text.Json;
using System.Text.RegularExpressions;

namespace SalesBrain.Integrations.Forms;

/// <summary>
/// Reads an object of settings or credentials and collects every problem. No message holds a value. What has a problem is read as a
/// default, so that reading goes on.
/// </summary>
internal sealed class FormReader
{
    private readonly string _path;
    private readonly JsonElement? _json;
    private readonly List<SourceFormProblem> _problems;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    internal FormReader(string path, JsonElement? json) : this(path, json, [])
    {
    }

    private FormReader(string path, JsonElement? json, List<SourceFormProblem> problems)
    {
        (_path, _problems) = (path, problems);
        _json = json is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : json;
        if (_json is { ValueKind: not JsonValueKind.Object })
        {
            Add(_path, "invalid", "must be an object");
            _json = null;
        }
    }

    internal IReadOnlyList<SourceFormProblem> Problems => _problems;

    /// <summary>A required text.</summary>
    internal string Text(string name, int max, Regex? pattern = null, string? rule = null) =>
        Text(name, max, pattern, rule, isRequired: true) ?? "";

    internal string? OptionalText(string name, int max, Regex? pattern = null, string? rule = null) =>
        Text(name, max, pattern, rule, isRequired: false);

    /// <summary>A secret or a user name: 1 to <paramref name="max"/> printable characters without spaces at the ends.</summary>
    internal string Secret(string name, int max = 4000) =>
        Text(
            name, max, FormPatterns.Secret(),
            "must be printable characters without line breaks, and without spaces at the start and the end");

    internal int Number(string name, int otherwise, int from, int to)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= from && number <= to)
        {
            return number;
        }
        Add(PathOf(name), "invalid", $"must be a whole number from {from} to {to}");
        return otherwise;
    }

    internal bool Bool(string name, bool otherwise)
    {
        switch (Find(name)?.ValueKind)
        {
            case null:
                return otherwise;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                Add(PathOf(name), "invalid", "must be true or false");
                return otherwise;
        }
    }

    /// <summary>One of the values. Without a default it is required.</summary>
    internal string Choice(string name, IReadOnlyList<string> values, string? otherwise = null)
    {
        if (Find(name) is not { } value)
        {
            if (otherwise is null)
            {
                Add(PathOf(name), "required", $"is required and must be one of {string.Join(", ", values)}");
            }
            return otherwise ?? values[0];
        }
        if (value.ValueKind == JsonValueKind.String && values.FirstOrDefault(allowed => value.ValueEquals(allowed)) is { } chosen)
        {
            return chosen;
        }
        Add(PathOf(name), "invalid", $"must be one of {string.Join(", ", values)}");
        return otherwise ?? values[0];
    }

    /// <summary>A text or a list of texts; empty if it is not there.</summary>
    internal IReadOnlyList<string> TextList(string name, int maxItems, int maxLength)
    {
        if (Find(name) is not { } json)
        {
            return [];
        }
        if (json.ValueKind == JsonValueKind.String)
        {
            return Text(name, maxLength) is { Length: > 0 } one ? [one] : [];
        }
        var texts = new List<string>();
        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= maxItems)
        {
            texts.AddRange(json.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.String && IsText(item, maxLength, out var text) && text.Length > 0 ? text : null)
                .OfType<string>());
        }
        if (json.ValueKind != JsonValueKind.Array || texts.Count != json.GetArrayLength())
        {
            Add(PathOf(name), "invalid", $"must be a list of at most {maxItems} texts of 1 to {maxLength} characters");
            return [];
        }
        return texts;
    }

    /// <summary>An object within this one. Read it, then call its <see cref="End"/>.</summary>
    internal FormReader Object(string name) => new(PathOf(name), Find(name), _problems);

    /// <summary>An object whose members are texts.</summary>
    internal IReadOnlyDictionary<string, string> Texts(string name, int maxMembers, int maxName, int maxValue)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(name) is not { } json)
        {
            return texts;
        }
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() > maxMembers)
        {
            Add(PathOf(name), "invalid", $"must be an object of at most {maxMembers} texts");
            return texts;
        }
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Length == 0 || member.Name.Length > maxName)
            {
                Add(PathOf(name), "invalid", $"must have names of 1 to {maxName} characters");
            }
            else if (member.Value.ValueKind != JsonValueKind.String || !IsText(member.Value, maxValue, out var text))
            {
                Add($"{PathOf(name)}.{member.Name}", "invalid", $"must be a text of at most {maxValue} characters");
            }
            else
            {
                texts[member.Name] = text;
            }
        }
        return texts;
    }

    /// <summary>Any JSON object, for a request's body.</summary>
    internal JsonElement? Json(string name, int maxBytes)
    {
        if (Find(name) is not { } json)
        {
            return null;
        }
        if (json.ValueKind == JsonValueKind.Object && json.GetRawText().Length <= maxBytes)
        {
            return json;
        }
        Add(PathOf(name), "invalid", $"must be an object of at most {maxBytes} bytes");
        return null;
    }

    internal void Check(bool holds, string name, string code, string message)
    {
        if (!holds)
        {
            Add(PathOf(name), code, message);
        }
    }

    /// <summary>Refuses members that nothing has read.</summary>
    internal void End()
    {
        if (_json is not { } json)
        {
            return;
        }
        foreach (var member in json.EnumerateObject().Where(member => !_known.Contains(member.Name)).Take(20))
        {
            // The name is the caller's: a credential may have slipped into it.
            Add(PathOf(member.Name.Length <= 60 ? member.Name : "…"), "unknown", "is not a known member");
        }
    }

    private string? Text(string name, int max, Regex? pattern, string? rule, bool isRequired)
    {
        if (Find(name) is not { } value)
        {
            if (isRequired)
            {
                Add(PathOf(name), "required", "is required");
            }
            return null;
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            Add(PathOf(name), "invalid", "must be a text");
            return null;
        }
        if (!IsText(value, max, out var text) || text.Length == 0)
        {
            Add(PathOf(name), "invalid", $"must be 1 to {max} characters");
            return null;
        }
        if (pattern is not null && !pattern.IsMatch(text))
        {
            Add(PathOf(name), "invalid", rule ?? "has an invalid form");
            return null;
        }
        return text;
    }

    private static bool IsText(JsonElement json, int max, out string text)
    {
        text = "";
        try
        {
            text = json.GetString()!;
            return text.Length <= max && !text.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return false;
        }
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _json is { } json && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private string PathOf(string name) => $"{_path}.{name}";

    private void Add(string field, string code, string message) => _problems.Add(new SourceFormProblem(field, code, message));
}
