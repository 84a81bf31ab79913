using System.Text.Json;

namespace SalesBrain.Functions.Http;

/// <summary>Single values in JSON. Numbers are numbers and booleans are booleans: a quoted one is the wrong type.</summary>
internal static class JsonScalars
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
            if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number))
            {
                value = number;
                return true;
            }
            errors.Add(path, "must be a whole number");
            return false;
        }
        if (json.ValueKind != JsonValueKind.String)
        {
            errors.Add(path, "must be a string");
            return false;
        }
        if (!JsonTexts.TryGetString(json, out var text))
        {
            errors.Add(path, JsonTexts.NotStorable);
            return false;
        }
        return TextValues.TryReadOne(type, text, path, errors, out value);
    }
}
