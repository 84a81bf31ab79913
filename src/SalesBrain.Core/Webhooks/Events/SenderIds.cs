using System.Collections.Frozen;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>Tells ids of senders from what senders write when they have none.</summary>
public static class SenderIds
{
    /// <summary>What templates and programs write in place of a missing id, in lower case.</summary>
    private static readonly FrozenSet<string> Missing = new[]
    {
        "undefined", "null", "none", "nil", "nan", "n/a", "na", "false", "true", "unknown", "object object",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The id without surrounding blanks, quotes and brackets; null if it identifies nothing.</summary>
    public static string? Clean(string? text)
    {
        var id = text.AsSpan().Trim().Trim("\"'`()<>[]{} \t");
        if (id.IsEmpty || Missing.GetAlternateLookup<ReadOnlySpan<char>>().Contains(id) || !id.ContainsAnyExcept("0-. "))
        {
            // The last condition: zero in every notation, the nil UUID among them.
            return null;
        }
        return id.Length == text!.Length ? text : id.ToString();
    }
}
