using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SalesBrain.Functions.Http;

/// <summary>Text in JSON that PostgreSQL can't hold: a NUL, or half of a surrogate pair (which System.Text.Json only notices on reading).</summary>
internal static class JsonTexts
{
    internal const string NotStorable = "contains a character that cannot be stored (NUL or half a surrogate pair)";

    internal static bool TryGetString(JsonElement json, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = json.GetString()!;
            return !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    internal static bool TryGetName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return !name.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    internal static bool AreStorable(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => TryGetString(json, out _),
        JsonValueKind.Array => json.EnumerateArray().All(AreStorable),
        JsonValueKind.Object => json.EnumerateObject().All(property => TryGetName(property, out _) && AreStorable(property.Value)),
        _ => true,
    };
}
