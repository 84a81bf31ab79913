using System.Text.Json;

namespace SalesBrain.Core.Imports;

/// <summary>The credentials of a data source: a JSON object whose members depend on the type.</summary>
public static class SourceCredentials
{
    /// <summary>The purpose that they are sealed for.</summary>
    public const string Purpose = "data_source.credentials";

    /// <summary>Shorter secrets show nothing: four characters would be too much of them.</summary>
    private const int ShortestShown = 12;

    private static readonly string[] Secrets = ["secret", "key", "token", "password"];

    /// <summary>The last four characters of the secret, by which people recognise it; null if it is too short or there is none.</summary>
    public static string? Last4(JsonElement? credentials)
    {
        if (credentials is not { ValueKind: JsonValueKind.Object } members)
        {
            return null;
        }
        var secret = Secrets
            .SelectMany(word => members.EnumerateObject().Where(member => member.Name.EndsWith(word, StringComparison.OrdinalIgnoreCase)))
            .Where(member => member.Value.ValueKind == JsonValueKind.String)
            .Select(member => member.Value.GetString()!)
            .FirstOrDefault();
        return secret?.Length >= ShortestShown ? secret[^4..] : null;
    }
}
