using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>
/// Detects JSON values that PostgreSQL cannot store: NUL, lone surrogates (which System.Text.Json detects only when reading the text), and
/// extreme numbers.
/// </summary>
internal static class StorableJson
{
    internal const string NotStorable = "must not contain a NUL character, an unpaired surrogate, a number with more than 400 digits, or "
        + "an exponent outside -400 to 400";

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

    /// <summary>Whether a number fits PostgreSQL's numeric, which has room for far more than a program that reads it again.</summary>
    private static bool IsStorable(string number)
    {
        var exponent = number.AsSpan(number.IndexOfAny(['e', 'E']) + 1);
        return number.Length <= 400
            && (exponent.Length == number.Length || (int.TryParse(exponent, out var power) && power is >= -400 and <= 400));
    }

    internal static bool AreStorable(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => TryGetString(json, out _),
        JsonValueKind.Number => IsStorable(json.GetRawText()),
        JsonValueKind.Array => json.EnumerateArray().All(AreStorable),
        JsonValueKind.Object => json.EnumerateObject().All(property => TryGetName(property, out _) && AreStorable(property.Value)),
        _ => true,
    };
}
