using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Crm;

/// <summary>The custom fields that an organization can filter by, the <c>filterable_fields</c> of its settings.</summary>
public static class FilterableFields
{
    /// <summary>
    /// The names in an organization's settings. Settings from before they were checked count as none if something is wrong in them.
    /// </summary>
    public static IReadOnlyList<string> Of(JsonElement? settings) =>
        settings is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("filterable_fields", out var names) && !Check(names).Any()
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];

    /// <summary>What is wrong with the <c>filterable_fields</c> of settings, by the path inside of it.</summary>
    public static IEnumerable<(string Path, string Message)> Check(JsonElement names)
    {
        if (names.ValueKind != JsonValueKind.Array || names.GetArrayLength() > CustomFieldFilter.MostNames)
        {
            yield return ("", $"must be an array of at most {CustomFieldFilter.MostNames} names of custom fields");
            yield break;
        }
        var index = 0;
        foreach (var name in names.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String || name.GetString() is not { } text || string.IsNullOrWhiteSpace(text)
                || CodePoints.Count(text) > CustomFieldFilter.MaxNameLength)
            {
                yield return ($"[{index}]", $"must be the name of a custom field, 1 to {CustomFieldFilter.MaxNameLength} characters");
            }
            index++;
        }
    }
}
