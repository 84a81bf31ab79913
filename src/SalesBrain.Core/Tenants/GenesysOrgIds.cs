using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tenants;

/// <summary>Ids of Genesys organizations. Genesys makes them; they are compared as text.</summary>
public static class GenesysOrgIds
{
    public const int MaxLength = 255;

    /// <summary>What an id must be, as a validation message.</summary>
    public const string Rule = "must be 1 to 255 characters without spaces";

    /// <summary>The id as it is stored: trimmed, and a UUID in its usual form, as Genesys returns it. Null if it cannot be an id.</summary>
    public static string? Read(string text)
    {
        var id = text.Trim();
        return id.Length == 0 || CodePoints.Count(id) > MaxLength || id.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? null
            : Guid.TryParseExact(id, "D", out var uuid) ? uuid.ToString("D")
            : id;
    }
}
