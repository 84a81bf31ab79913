using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>Single values in JSON. Numbers are numbers and booleans are booleans: a quoted one is the wrong type.</summary>
internal static class JsonValueParser
{
    internal static bool TryRead(Type type, JsonElement json, string path, InputErrors errors, out object? value)
    {
        value = null;
        if (type == typeof(bool))
        {
            if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                value = json.GetBoolean();
                return true;
            }
            errors.Add(path, "must be true or false");
            return false;
        }
        if (type == typeof(int))
        {
            if (json.ValueKind == JsonValueKind.Number && WholeNumbers.TryRead(json.GetRawText(), out var number))
            {
                value = number;
                return true;
            }
            errors.Add(path, "must be a whole number");
            return false;
        }
        if (type == typeof(decimal))
        {
            if (json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number))
            {
                value = number;
                return true;
            }
            errors.Add(path, "must be a number");
            return false;
        }
        if (json.ValueKind != JsonValueKind.String)
        {
            errors.Add(path, "must be a string");
            return false;
        }
        if (!StorableJson.TryGetString(json, out var text))
        {
            errors.Add(path, StorableJson.NotStorable);
            return false;
        }
        return ValueParser.TryReadOne(type, text, path, errors, out value);
    }
}
